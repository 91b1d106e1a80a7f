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

    /// The text as it may be shown: whatever was put into it, no character in it deceives the reader or steers the
    /// terminal. Each that would is a replacement character.
    public func text(in language: Language) -> String {
        let text =
            switch language {
            case .english: english
            case .chinese: chinese
            }
        guard text.unicodeScalars.contains(where: \.isDeceptive) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { shown.append(scalar.isDeceptive ? "\u{FFFD}" : scalar) }
        return String(shown)
    }
}
