import Foundation
import TextCatalogue

/// Data go to standard output, words about the work to standard error.
enum Terminal {
    static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func print(_ lines: [Phrase]) {
        for line in lines { print(line.text(in: .current)) }
    }

    static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func print(_ data: Data) {
        FileHandle.standardOutput.write(data)
    }

    /// Shows how far long work has come: in place on a terminal, nothing in a log.
    static func showProgress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    static func endProgress() { showProgress("") }
}
