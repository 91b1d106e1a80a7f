import CConfinement
import Glibc

/// Standard output and standard error, moved to where no library prints by itself.
struct OutputStreams {
    let answer: Int32
    let diagnostics: Int32

    /// Whatever a library prints from now on goes into a pipe that nobody reads: there is no /dev/null in the sandbox.
    static func take() -> OutputStreams? {
        let answer = fcntl(STDOUT_FILENO, F_DUPFD, 3)
        let diagnostics = fcntl(STDERR_FILENO, F_DUPFD, 3)
        var (unread, sink): (Int32, Int32) = (-1, -1)
        guard answer >= 0, diagnostics >= 0, concordat_make_pipe(&unread, &sink) == 0,
            fcntl(sink, F_SETFL, O_NONBLOCK) >= 0, dup2(sink, STDOUT_FILENO) >= 0, dup2(sink, STDERR_FILENO) >= 0
        else { return nil }
        return OutputStreams(answer: answer, diagnostics: diagnostics)
    }
}
