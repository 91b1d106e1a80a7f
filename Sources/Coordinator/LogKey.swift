internal import Logging

/// Every key that the coordinator's log may carry. Values are identifiers, digests, codes and counts; never payloads,
/// tokens or what a site computed.
enum LogKey: String {
    case site
    case study
    case job
    case model
    case key
    case code
    case status
    case route
    case count
    case address
}

extension Logger {
    func log(_ level: Logger.Level, _ message: Logger.Message, _ values: [LogKey: String]) {
        log(
            level: level, message,
            metadata: Logger.Metadata(uniqueKeysWithValues: values.map { ($0.key.rawValue, .string($0.value)) }))
    }
}
