import CConfinement
import Glibc

/// Feeds and reads one running process, and ends it at a limit.
struct Supervision {
    struct Process {
        let identifier: pid_t
        /// A pidfd.
        let descriptor: Int32
    }

    private static let diagnosticsLimit = 2_048
    /// How long the remains of a killed process may hold its output open: the kernel ends them, this only waits.
    private static let endingTime: Duration = .seconds(10)

    private let process: Process
    private let input: [ConfinedProcess.Input]
    private let inputPipe: Pipe
    private let outputPipe: Pipe
    private let errorPipe: Pipe
    private let cancellation: Pipe
    private let outputLimit: Int

    private var inputIndex = 0
    private var inputOffset = 0
    private var output: [UInt8] = []
    private var diagnostics: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(
        process: Process, input: [ConfinedProcess.Input], inputPipe: Pipe, outputPipe: Pipe, errorPipe: Pipe,
        cancellation: Pipe, outputLimit: Int
    ) {
        self.process = process
        self.input = input
        self.inputPipe = inputPipe
        self.outputPipe = outputPipe
        self.errorPipe = errorPipe
        self.cancellation = cancellation
        self.outputLimit = outputLimit
        for descriptor in [inputPipe.writeEnd, outputPipe.readEnd, errorPipe.readEnd] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
    }

    /// Returns when the process and everything that it started are gone.
    mutating func run(until deadline: ContinuousClock.Instant) throws -> ConfinedProcess.Outcome {
        defer { close(process.descriptor) }
        var ending: ConfinedProcess.Ending?
        var hasExited = false
        while ending == nil && !hasExited {
            let ready = wait(for: process.descriptor, until: deadline)
            read()
            // Not before the process has spoken: then every link of "die with parent" is in place, and a sandbox whose
            // agent dies earlier ends for want of input.
            if !output.isEmpty || input.isEmpty { feed() }
            if ready.isCancelled {
                ending = .cancelled
            } else if output.count > outputLimit {
                ending = .wroteTooMuch
            } else if ready.hasExited {
                hasExited = true
            } else if ContinuousClock.now >= deadline {
                ending = .timedOut
            }
        }
        var status: Int32 = 0
        let error = concordat_end(process.identifier, &status)
        guard error == 0 else { throw ConfinedProcess.unavailable(error, "cannot wait for the sandbox") }
        inputPipe.closeWriteEnd()
        drain()
        if ending == nil && output.count > outputLimit { ending = .wroteTooMuch }
        return ConfinedProcess.Outcome(
            ending: ending ?? .exited(Int(status)), output: output,
            diagnostics: String(decoding: diagnostics, as: UTF8.self))
    }

    private func wait(
        for exit: Int32?, until deadline: ContinuousClock.Instant
    ) -> (hasExited: Bool, isCancelled: Bool) {
        // poll(2) passes over negative descriptors.
        var polled = [
            pollfd(fd: exit ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: exit == nil ? -1 : cancellation.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: outputPipe.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorPipe.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: output.isEmpty ? -1 : inputPipe.writeEnd, events: Int16(POLLOUT), revents: 0),
        ]
        let (seconds, attoseconds) = (deadline - .now).components
        let milliseconds = min(max(0, seconds), 3_600) * 1_000 + max(0, attoseconds) / 1_000_000_000_000_000
        _ = poll(&polled, nfds_t(polled.count), Int32(milliseconds) + 1)
        return (polled[0].revents != 0, polled[1].revents != 0)
    }

    /// Writes what the pipe takes now.
    private mutating func feed() {
        while inputPipe.writeEnd >= 0 {
            guard inputIndex < input.count else { return inputPipe.closeWriteEnd() }
            let (descriptor, offset) = (inputPipe.writeEnd, inputOffset)
            let (written, total) = input[inputIndex].withBytes { bytes in
                guard offset < bytes.count, let start = bytes.baseAddress else { return (0, bytes.count) }
                return (Glibc.write(descriptor, start + offset, bytes.count - offset), bytes.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                // Nobody reads any more: how the process ended says the rest.
                if errno != EAGAIN { inputPipe.closeWriteEnd() }
                return
            }
            inputOffset += written
            if inputOffset >= total { (inputIndex, inputOffset) = (inputIndex + 1, 0) }
        }
    }

    private mutating func read() {
        while output.count <= outputLimit, let count = readSome(outputPipe) { output += buffer[..<count] }
        while let count = readSome(errorPipe) {
            diagnostics += buffer[..<min(count, Self.diagnosticsLimit - diagnostics.count)]
        }
    }

    /// Reads into the buffer; nil when there is nothing now. The end of a pipe closes it.
    private mutating func readSome(_ pipe: Pipe) -> Int? {
        let descriptor = pipe.readEnd
        guard descriptor >= 0 else { return nil }
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return count }
            if count < 0 && errno == EINTR { continue }
            if count == 0 || errno != EAGAIN { pipe.closeReadEnd() }
            return nil
        }
    }

    /// Reads what is left until every holder of the pipes is gone: the sandbox's processes die with its first one, but
    /// a moment later.
    private mutating func drain() {
        let deadline = ContinuousClock.now + Self.endingTime
        while outputPipe.readEnd >= 0 || errorPipe.readEnd >= 0, ContinuousClock.now < deadline {
            read()
            if output.count > outputLimit { outputPipe.closeReadEnd() }
            if outputPipe.readEnd >= 0 || errorPipe.readEnd >= 0 { _ = wait(for: nil, until: deadline) }
        }
    }
}
