/// A text for people, in every language that Concordat speaks.
///
/// Modules add their texts as static functions in `Phrases+<Area>.swift`, so that no user-visible text is written
/// where the program decides something, and no text exists in one language only.
public struct Phrase: Sendable, Hashable {
    public let english: String
    public let chinese: String

    /// - Parameters:
    ///   - en: the English text.
    ///   - zh: the same text in simplified Chinese.
    public init(en: String, zh: String) {
        english = en
        chinese = zh
    }

    public func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}
