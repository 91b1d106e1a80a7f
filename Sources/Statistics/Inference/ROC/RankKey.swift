/// Unsigned keys that are ordered as the scores are, so that one integer sort serves every kind of score.
enum RankKey {
    /// The key of a score that is not NaN; the two zeros are one score.
    @inline(__always)
    static func of(_ score: Double) -> UInt64 {
        let bits = (score + 0).bitPattern
        // Negative numbers count backwards in their bits: all are flipped; of the others only the sign.
        return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
    }

    /// The score of a key.
    @inline(__always)
    static func score(_ key: UInt64) -> Double {
        Double(bitPattern: key >> 63 == 1 ? key ^ 1 << 63 : ~key)
    }

    /// The key of a score in units.
    @inline(__always)
    static func of(_ units: Int64) -> UInt64 { UInt64(bitPattern: units) ^ 1 << 63 }

    /// The score in units of a key.
    @inline(__always)
    static func units(_ key: UInt64) -> Int64 { Int64(bitPattern: key ^ 1 << 63) }
}

/// Where the keys and classes of cases come from.
protocol RankSource {
    var count: Int { get }
    func key(_ index: Int) -> UInt64
    /// 1 for a positive case, 0 for a negative one.
    func label(_ index: Int) -> Int
}

/// Scores that are Doubles.
struct ScoreSource: RankSource {
    let scores: UnsafeBufferPointer<Double>
    let labels: UnsafeBufferPointer<UInt8>

    var count: Int { scores.count }
    @inline(__always)
    func key(_ index: Int) -> UInt64 { RankKey.of(scores[index]) }
    @inline(__always)
    func label(_ index: Int) -> Int { Int(labels[index]) }
}

/// Scores in units of a resolution.
struct UnitSource: RankSource {
    let units: UnsafeBufferPointer<Int64>
    let isPositive: UnsafeBufferPointer<Bool>

    var count: Int { units.count }
    @inline(__always)
    func key(_ index: Int) -> UInt64 { RankKey.of(units[index]) }
    @inline(__always)
    func label(_ index: Int) -> Int { isPositive[index] ? 1 : 0 }
}

/// What is sorted: a key, with or without the case that it belongs to.
protocol RankElement: Sendable {
    var key: UInt64 { get }
    init(key: UInt64, index: Int)
}

/// A key alone.
struct PlainRank: RankElement, Hashable, Sendable {
    let key: UInt64

    @inline(__always)
    init(key: UInt64, index: Int) { self.key = key }
}

/// A key with its case.
struct CaseRank: RankElement {
    let key: UInt64
    let index: UInt32

    @inline(__always)
    init(key: UInt64, index: Int) {
        self.key = key
        self.index = UInt32(truncatingIfNeeded: index)
    }
}
