public import Foundation
internal import Synchronization
internal import TextCatalogue
public import Transport

/// Keeps a copy of every request that leaves: `requests.tsv` with one line a request (number, method, path, bytes of
/// the body), and the exact bytes of each body as `000001-PUT-v1-jobs-….json`. Mode 0600.
public final class DirectoryRecorder: RequestRecorder {
    private let folder: URL
    private let last: Mutex<Int>

    /// Goes on after the highest number that is there already.
    /// - Throws: `state-unwritable`.
    public init(folder: URL) throws(AgentError) {
        // A folder that is there already keeps its mode: it may serve other purposes too.
        if !FileManager.default.fileExists(atPath: folder.path) { try StateDirectory.makePrivate(folder) }
        self.folder = folder
        var highest = Self.count(folder.appendingPathComponent(Self.listName))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
            if let number = Int(name.prefix { $0 != "-" }) { highest = max(highest, number) }
        }
        last = Mutex(highest)
    }

    private static let listName = "requests.tsv"

    public func record(method: String, path: String, body: Data) throws {
        try last.withLock { last in
            let number = last + 1
            let digits = String(number)
            let prefix = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
            if !body.isEmpty {
                let name = "\(prefix)-\(method)\(Self.fileName(path)).json"
                try DurableFile.write(body, to: folder.appendingPathComponent(name))
            }
            try append("\(prefix)\t\(method)\t\(path)\t\(body.count)\n")
            last = number
        }
    }

    /// `/v1/jobs/sha256:ab/release` becomes `-v1-jobs-sha256-ab-release`.
    private static func fileName(_ path: String) -> String {
        let plain = path.prefix { $0 != "?" }.utf8.map { byte -> UInt8 in
            let isKept =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            return isKept ? byte : UInt8(ascii: "-")
        }
        return String(decoding: plain.prefix(180), as: UTF8.self)
    }

    private func append(_ line: String) throws {
        let path = folder.appendingPathComponent(Self.listName).path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AgentError(.stateUnwritable, .agentStateUnwritable(path)) }
        defer { close(descriptor) }
        let bytes = Array(line.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw AgentError(.stateUnwritable, .agentStateUnwritable(path))
        }
    }

    private static func count(_ list: URL) -> Int {
        (try? Data(contentsOf: list))?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }
}
