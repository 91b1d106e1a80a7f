/// A language of the user-visible texts. The raw value is the BCP 47 tag, as in documents (`title.zh-Hans`).
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh-Hans"

    /// The language that an environment asks for: the first of `CONCORDAT_LANGUAGE`, `LC_ALL`, `LC_MESSAGES` and
    /// `LANG` that is set and not empty decides (POSIX order); anything that begins with `zh` is Chinese, all else
    /// is English.
    public static func fromEnvironment(_ env: [String: String]) -> Language {
        let names = ["CONCORDAT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"]
        let chosen = names.lazy.compactMap { env[$0] }.first { !$0.isEmpty } ?? ""
        return chosen.lowercased().hasPrefix("zh") ? .chinese : .english
    }
}
