internal import Foundation

/// How many files and connections the process may have open.
public enum OpenFileLimit {
    /// Raises the soft limit to the hard one: the usual 1,024 would let a thousand idle connections lock everybody out.
    public static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Where the system refuses, the process serves within the limit it has.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
