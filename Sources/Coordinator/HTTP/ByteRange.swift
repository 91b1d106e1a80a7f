/// What a `Range` header asks of a file (RFC 9110, section 14).
enum ByteRange: Hashable, Sendable {
    /// The whole file: no header, or one that may be ignored (another unit, several ranges, bad syntax).
    case whole
    case part(ClosedRange<Int>)
    case notSatisfiable

    init(_ header: String?, size: Int) {
        let unit = "bytes="
        guard let header, header.lowercased().hasPrefix(unit) else {
            self = .whole
            return
        }
        let ends = header.dropFirst(unit.count).split(separator: "-", omittingEmptySubsequences: false).map {
            $0.trimmingPrefix { $0 == " " }
        }
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            self = .whole
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first...min(last, size - 1)) : .notSatisfiable
        case (let first?, nil) where ends[1].isEmpty:
            self = first < size ? .part(first...(size - 1)) : .notSatisfiable
        case (nil, let suffix?) where ends[0].isEmpty:
            self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)...(size - 1)) : .notSatisfiable
        default: self = .whole
        }
    }
}
