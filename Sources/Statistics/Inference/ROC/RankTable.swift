internal import Dispatch

/// Cases by class and ascending key, sorted in one go for both classes.
///
/// The cases are first spread by class and by an interval of the score, such that each interval fits a cache, then
/// each interval is sorted. With several threads each spreads its share of the cases and sorts its share of the
/// intervals; the result does not depend on their number.
struct RankTable<Element: RankElement>: Sendable {
    /// The positives ascending, then the negatives ascending.
    let elements: [Element]
    /// The number of positives.
    let positives: Int

    /// The number of negatives.
    var negatives: Int { elements.count - positives }

    /// Sorts cases. At most 2³⁰.
    init(_ source: some RankSource, threads: Int = 1) {
        let threads = max(1, min(threads, source.count / 65536, 64))
        let intervals = ScoreIntervals(source)
        let places = SpreadPlaces(source, intervals: intervals, threads: threads)
        positives = places.starts[intervals.count]
        elements = Array(unsafeUninitializedCapacity: source.count) { target, count in
            // Each thread writes its own places: they are counted by thread, interval and class.
            RankThreads.run(threads) { thread in
                places.spread(source, thread: thread, intervals: intervals, into: target)
            }
            let shares = places.shares(threads)
            RankThreads.run(threads) { thread in
                Self.sort(target, starts: places.starts, intervals: intervals.count, share: shares[thread])
            }
            count = source.count
        }
    }

    /// Takes classes that are sorted already.
    init(sortedPositives: some Collection<Element>, sortedNegatives: some Collection<Element>) {
        positives = sortedPositives.count
        var elements: [Element] = []
        elements.reserveCapacity(sortedPositives.count + sortedNegatives.count)
        elements += sortedPositives
        elements += sortedNegatives
        self.elements = elements
    }

    private static func sort(
        _ target: UnsafeMutableBufferPointer<Element>, starts: [Int], intervals: Int, share: Range<Int>
    ) {
        let blocks = [share, share.lowerBound + intervals..<share.upperBound + intervals]
        let longest = blocks.joined().reduce(0) { max($0, starts[$1 + 1] - starts[$1]) }
        withUnsafeTemporaryAllocation(of: Element.self, capacity: longest) { scratch in
            for block in blocks.joined() where starts[block + 1] - starts[block] > 1 {
                RadixSort.sort(
                    UnsafeMutableBufferPointer(rebasing: target[starts[block]..<starts[block + 1]]), scratch: scratch)
            }
        }
    }
}

/// Intervals of the key that hold about equal numbers of cases for most scores.
private struct ScoreIntervals {
    let count: Int
    private let low: UInt64
    private let shift: UInt64

    init(_ source: some RankSource) {
        guard source.count >= 4096 else {
            (count, low, shift) = (1, 0, 63)
            return
        }
        let size = source.count < 1 << 22 ? 512 : 2048
        // The range of a sample without its ends, so that a few far scores (a zero among probabilities, an infinity)
        // do not leave all others in one interval. It decides the speed only, never a result.
        let sample = (0..<1024).map { source.key($0 * (source.count / 1024)) }.sorted()
        let (first, last) = (sample[16], sample[1007])
        count = size
        low = first
        shift = UInt64(max(0, UInt64.bitWidth - (last - first).leadingZeroBitCount - size.trailingZeroBitCount))
    }

    @inline(__always)
    func index(_ key: UInt64) -> Int {
        let above = key < low ? 0 : key &- low
        return Int(truncatingIfNeeded: min(above &>> shift, UInt64(truncatingIfNeeded: count &- 1)))
    }
}

/// Where each thread puts the cases of each class and interval: positives first, then by interval, then by thread.
private struct SpreadPlaces {
    /// Where each block (class and interval) starts; the last entry is the number of cases.
    let starts: [Int]
    /// Where each thread's part of each block starts.
    private let places: [[Int]]
    private let ranges: [Range<Int>]

    init(_ source: some RankSource, intervals: ScoreIntervals, threads: Int) {
        let blocks = 2 * intervals.count
        ranges = RankThreads.ranges(source.count, parts: threads)
        let counts = RankThreads.map(ranges) { range in
            var counts = [Int](repeating: 0, count: blocks)
            counts.withUnsafeMutableBufferPointer { counts in
                for index in range {
                    counts[intervals.index(source.key(index)) &+ (1 &- source.label(index)) &* intervals.count] &+= 1
                }
            }
            return counts
        }
        var places = counts
        var starts: [Int] = []
        var start = 0
        for block in 0..<blocks {
            starts.append(start)
            for thread in 0..<threads {
                places[thread][block] = start
                start += counts[thread][block]
            }
        }
        self.starts = starts + [start]
        self.places = places
    }

    func spread<Element: RankElement>(
        _ source: some RankSource, thread: Int, intervals: ScoreIntervals,
        into target: UnsafeMutableBufferPointer<Element>
    ) {
        guard let target = target.baseAddress else { return }
        var places = places[thread]
        places.withUnsafeMutableBufferPointer { places in
            for index in ranges[thread] {
                let key = source.key(index)
                let block = intervals.index(key) &+ (1 &- source.label(index)) &* intervals.count
                let place = places[block]
                places[block] = place &+ 1
                target.advanced(by: place).initialize(to: Element(key: key, index: index))
            }
        }
    }

    /// Consecutive intervals for each thread, with about equal numbers of cases.
    func shares(_ threads: Int) -> [Range<Int>] {
        let intervals = (starts.count - 1) / 2
        let total = starts[2 * intervals]
        var shares: [Range<Int>] = []
        var (first, cases) = (0, 0)
        for interval in 0..<intervals where shares.count < threads - 1 {
            cases += starts[interval + 1] - starts[interval]
            cases += starts[intervals + interval + 1] - starts[intervals + interval]
            if cases * threads >= total * (shares.count + 1) {
                shares.append(first..<interval + 1)
                first = interval + 1
            }
        }
        while shares.count < threads - 1 { shares.append(first..<first) }
        return shares + [first..<intervals]
    }
}

/// The few threads of one computation.
enum RankThreads {
    /// Runs the parts 0..<parts at the same time. A part may read what no part writes, and write what no other part
    /// reads or writes.
    static func run(_ parts: Int, _ part: (Int) -> Void) {
        guard parts > 1 else { return part(0) }
        withoutActuallyEscaping(part) { part in
            nonisolated(unsafe) let part = part
            DispatchQueue.concurrentPerform(iterations: parts) { part($0) }
        }
    }

    /// The results of inputs that are worked on at the same time, in the order of the inputs.
    static func map<Input, Result>(_ inputs: [Input], _ transform: (Input) -> Result) -> [Result] {
        if inputs.count == 1 { return [transform(inputs[0])] }
        return Array(unsafeUninitializedCapacity: inputs.count) { results, count in
            run(inputs.count) { part in
                results.baseAddress.unsafelyUnwrapped.advanced(by: part).initialize(to: transform(inputs[part]))
            }
            count = inputs.count
        }
    }

    /// Splits 0..<count in parts of about equal length.
    static func ranges(_ count: Int, parts: Int) -> [Range<Int>] {
        (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
    }
}
