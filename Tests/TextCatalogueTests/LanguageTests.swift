import Testing
import TextCatalogue

@Suite struct LanguageTests {
    @Test(
        "The first variable that is set decides the language",
        arguments: [
            ([:], .english), (["LANG": "zh_CN.UTF-8"], .chinese), (["LANG": "de_DE.UTF-8"], .english),
            (["LANG": "zh_CN.UTF-8", "LC_ALL": "C"], .english), (["LANG": "zh_CN.UTF-8", "LC_ALL": ""], .chinese),
            (["LC_MESSAGES": "ZH", "LANG": "en_US"], .chinese),
            (["CONCORDAT_LANGUAGE": "zh-Hans", "LC_ALL": "C"], .chinese),
            (["CONCORDAT_LANGUAGE": "en", "LC_ALL": "zh_CN.UTF-8"], .english),
        ] as [([String: String], Language)])
    func environment(variables: [String: String], expected: Language) {
        #expect(Language.fromEnvironment(variables) == expected)
    }

    @Test("A phrase is given in the language asked for")
    func phrase() {
        let phrase = Phrase(en: "yes", zh: "是")
        #expect(phrase.text(in: .english) == "yes")
        #expect(phrase.text(in: .chinese) == "是")
    }

    @Test("What was put into a phrase cannot steer the terminal or turn the text around")
    func deceptiveCharacters() {
        let name = "\u{1B}[2Ja\r\u{7F}\u{9B}1m\u{202E}b\u{2066}"
        let phrase = Phrase(en: "The column \(name)\n\tis “néw”.", zh: "列 \(name)")
        #expect(
            phrase.text(in: .english)
                == "The column \u{FFFD}[2Ja\u{FFFD}\u{FFFD}\u{FFFD}1m\u{FFFD}b\u{FFFD}\n\tis “néw”.")
        #expect(phrase.text(in: .chinese) == "列 \u{FFFD}[2Ja\u{FFFD}\u{FFFD}\u{FFFD}1m\u{FFFD}b\u{FFFD}")
    }
}
