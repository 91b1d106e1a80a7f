/// Sums over the placements of all cases, exact for up to 2³⁰ cases.
///
/// With m positives and n negatives, m + n ≤ 2³⁰, a doubled placement X of a positive is at most 2n and a Y of a
/// negative at most 2m. So ΣX = ΣY ≤ 2mn ≤ 2⁵⁹, ΣX² ≤ m(2n)² < 2⁹¹, and m·ΣX² and (ΣX)² are at most (2mn)² ≤ 2¹¹⁸: all
/// fit 128 bits, and sums of integers do not depend on their order.
struct PlacementSums: Hashable, Sendable {
    /// Every precision that the average takes is a multiple of 2⁻⁸³: a Double of at least 2⁻³⁰.
    private static let precisionBits = 84

    /// ΣX and ΣY, twice the Mann-Whitney statistic.
    var twiceU: UInt64 = 0
    /// ΣX² over the positives.
    var positiveSquares: UInt128 = 0
    /// ΣY² over the negatives.
    var negativeSquares: UInt128 = 0
    /// Over the positives, the precision at their score, in units of 2⁻⁸⁴; each precision is rounded once to a Double,
    /// their sum is exact.
    var precisions: UInt128 = 0

    static func + (left: PlacementSums, right: PlacementSums) -> PlacementSums {
        PlacementSums(
            twiceU: left.twiceU + right.twiceU, positiveSquares: left.positiveSquares + right.positiveSquares,
            negativeSquares: left.negativeSquares + right.negativeSquares,
            precisions: left.precisions + right.precisions)
    }

    /// Adds `count` positives of a score at which `true` of `called` positive calls are right.
    @inline(__always)
    mutating func addPrecision(_ right: Int, of called: Int, count: Int) {
        let precision = Double(right) / Double(called)
        let shift = UInt64(Self.precisionBits - 52) &+ precision.bitPattern &>> 52 &- 1023
        let significand = precision.bitPattern & (1 << 52 - 1) | 1 << 52
        precisions &+= UInt128(significand) &<< UInt128(shift) &* UInt128(truncatingIfNeeded: count)
    }

    /// The mean of the precisions over the positives.
    func averagePrecision(positives: Int) -> Double {
        Double(
            sign: .plus, exponent: -Self.precisionBits,
            significand: ExactRatio.double(Int128(precisions), over: UInt128(positives)))
    }
}

/// What becomes of each case's placement while a table is walked.
protocol PlacementSink<Element> {
    associatedtype Element: RankElement
    func place(_ element: Element, _ placement: Int)
}

/// Forgets the placements: only their sums are wanted.
struct NoPlacements: PlacementSink {
    @inline(__always)
    func place(_ element: PlainRank, _ placement: Int) {}
}

/// Keeps each case's doubled placement, at most 2³¹.
struct CasePlacements: PlacementSink {
    let placements: UnsafeMutablePointer<UInt32>

    @inline(__always)
    func place(_ element: CaseRank, _ placement: Int) {
        placements.advanced(by: Int(element.index)).initialize(to: UInt32(truncatingIfNeeded: placement))
    }
}

extension RankTable {
    /// Walks both classes upwards, once.
    func sums(threads: Int = 1, sink: some PlacementSink<Element>) -> PlacementSums {
        elements.withUnsafeBufferPointer { elements in
            let positives = UnsafeBufferPointer(rebasing: elements[0..<self.positives])
            let negatives = UnsafeBufferPointer(rebasing: elements[self.positives...])
            let walk = PlacementWalk(positives: positives, negatives: negatives)
            let parts = walk.parts(max(1, min(threads, elements.count / 65536, 64)))
            return RankThreads.map(parts) { walk.sums(of: $0, sink: sink) }.reduce(PlacementSums(), +)
        }
    }
}

/// Both classes in ascending order, as they are walked.
private struct PlacementWalk<Element: RankElement> {
    let positives: UnsafeBufferPointer<Element>
    let negatives: UnsafeBufferPointer<Element>

    /// A stretch of scores: its positives and its negatives.
    struct Part {
        let positives: Range<Int>
        let negatives: Range<Int>
    }

    /// Stretches of scores that cost about the same to walk; no score is in two.
    func parts(_ count: Int) -> [Part] {
        var parts: [Part] = []
        var (positive, negative) = (0, 0)
        for part in 1..<max(count, 1) {
            guard let key = key(atShare: Double(part) / Double(count)) else { break }
            let (nextPositive, nextNegative) = (positives.count(below: key), negatives.count(below: key))
            parts.append(Part(positives: positive..<nextPositive, negatives: negative..<nextNegative))
            (positive, negative) = (nextPositive, nextNegative)
        }
        parts.append(Part(positives: positive..<positives.count, negatives: negative..<negatives.count))
        return parts
    }

    /// The first key of the larger class below which this share of the work lies.
    private func key(atShare share: Double) -> UInt64? {
        // A positive costs a division and a branch that is not foreseen.
        let positiveCost = 4.0
        let goal = share * (positiveCost * Double(positives.count) + Double(negatives.count))
        let guide = positives.count > negatives.count ? positives : negatives
        var (low, high) = (0, guide.count)
        while low < high {
            let middle = low + (high - low) / 2
            let key = guide[middle].key
            let cost = positiveCost * Double(positives.count(below: key)) + Double(negatives.count(below: key))
            if cost < goal { low = middle + 1 } else { high = middle }
        }
        return low < guide.count ? guide[low].key : nil
    }

    func sums(of part: Part, sink: some PlacementSink<Element>) -> PlacementSums {
        var sums = PlacementSums()
        let (m, n) = (positives.count, negatives.count)
        let lastPositive = part.positives.upperBound
        let lastNegative = part.negatives.upperBound
        var positive = part.positives.lowerBound
        var negative = part.negatives.lowerBound
        while positive < lastPositive {
            let key = positives[positive].key
            negative = passNegatives(from: negative, to: lastNegative, below: key, above: m - positive, &sums, sink)
            var tiedPositive = positive + 1
            while tiedPositive < lastPositive, positives[tiedPositive].key == key { tiedPositive += 1 }
            var tiedNegative = negative
            while tiedNegative < lastNegative, negatives[tiedNegative].key == key { tiedNegative += 1 }
            let placement = negative + tiedNegative
            let count = tiedPositive - positive
            sums.twiceU &+= UInt64(truncatingIfNeeded: count &* placement)
            sums.positiveSquares &+= Self.squares(placement, count: count)
            for index in positive..<tiedPositive { sink.place(positives[index], placement) }
            if tiedNegative > negative {
                let placement = 2 * (m - positive) - count
                sums.negativeSquares &+= Self.squares(placement, count: tiedNegative - negative)
                for index in negative..<tiedNegative { sink.place(negatives[index], placement) }
            }
            let right = m - positive
            sums.addPrecision(right, of: right + n - negative, count: count)
            positive = tiedPositive
            negative = tiedNegative
        }
        _ = passNegatives(
            from: negative, to: lastNegative, below: nil, above: m - lastPositive, &sums, sink)
        return sums
    }

    /// Passes the negatives below a score, or all; each has the same positives above.
    @inline(__always)
    private func passNegatives(
        from first: Int, to last: Int, below key: UInt64?, above: Int, _ sums: inout PlacementSums,
        _ sink: some PlacementSink<Element>
    ) -> Int {
        var negative = first
        if let key {
            while negative < last, negatives[negative].key < key { negative += 1 }
        } else {
            negative = last
        }
        if negative > first {
            sums.negativeSquares &+= Self.squares(2 * above, count: negative - first)
            for index in first..<negative { sink.place(negatives[index], 2 * above) }
        }
        return negative
    }

    @inline(__always)
    private static func squares(_ placement: Int, count: Int) -> UInt128 {
        UInt128(truncatingIfNeeded: placement &* placement) &* UInt128(truncatingIfNeeded: count)
    }
}

extension UnsafeBufferPointer where Element: RankElement {
    /// How many elements of an ascending buffer have a lower key.
    fileprivate func count(below key: UInt64) -> Int {
        var low = 0
        var width = count
        while width > 0 {
            let half = width >> 1
            if self[low + half].key < key {
                low += half + 1
                width -= half + 1
            } else {
                width = half
            }
        }
        return low
    }
}
