public import TextCatalogue

/// A text that a protocol's author wrote for people: in English, and in simplified Chinese where there is one.
public struct LocalizedText: Codable, Hashable, Sendable {
    public let english: String
    public let chinese: String?

    public init(english: String, chinese: String? = nil) {
        self.english = english
        self.chinese = chinese
    }

    /// The text in that language; the English one where it was not translated.
    public func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese ?? english
        }
    }

    enum CodingKeys: String, CodingKey {
        case english = "en"
        case chinese = "zh-Hans"
    }
}
