internal import Evidence
internal import Logging

/// The only keys under which the agent logs. Values are codes, digests, names out of signed documents and counts of
/// work done; never a patient's value, a key of the data, a path of the data or a payload.
enum LogKey: String {
    case job
    case study
    case state
    case code
    case reason
    case attempt
    case detail
    case site
    case coordinator
    case waitMilliseconds = "wait-ms"
    case durationMilliseconds = "duration-ms"
    case done
    case total
}

extension Logger {
    /// Logs with keys of the enum only.
    func log(_ level: Level, _ message: Message, _ values: KeyValuePairs<LogKey, String?> = [:]) {
        var metadata: Metadata = [:]
        for case (let key, let value?) in values { metadata[key.rawValue] = .string(value) }
        log(level: level, message, metadata: metadata)
    }
}
