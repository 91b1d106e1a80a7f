/// Where a thread puts the distances that it finds: each by itself as long as there are not too many different ones, then
/// in bins. What is found in the end does not depend on where that happens.
final class DistanceSink {
    /// How many different distances and areas a thread keeps apart.
    static let usualLimit = 500_000

    private let range: DistanceRange
    private let areaCount: Int
    private let limit: Int
    private let opened: Set<Int>?
    private var isOpened: [Bool]
    private var counter = DistanceCounter()
    private(set) var bins: DistanceBins?

    /// - Parameters:
    ///   - opened: the bins of which the distances are wanted, each by itself however many they are; nil for all.
    init(range: DistanceRange, areaCount: Int, limit: Int = usualLimit, opened: Set<Int>? = nil) {
        (self.range, self.areaCount, self.opened) = (range, areaCount, opened)
        self.limit = opened == nil ? limit : .max
        isOpened = opened.map { opened in (0..<range.binCount).map(opened.contains) } ?? []
    }

    func add(_ squared: Double, area: UInt8, count: Int = 1) {
        if opened != nil, !isOpened[range.bin(squared)] { return }
        guard bins == nil else {
            bins?.add(squared, area: area, count: count)
            return
        }
        counter.add(squared, area: area, count: count)
        if counter.used > limit { pour() }
    }

    /// Adds elements of a row.
    /// - Parameter squared: for each corner of the row its squared distance.
    func add(_ squared: UnsafePointer<Double>, of elements: UnsafeBufferPointer<FarElement>) {
        if opened != nil {
            let (range, counter) = (range, counter)
            isOpened.withUnsafeBufferPointer { isOpened in
                for element in elements where isOpened[range.bin(squared[element.x])] {
                    counter.add(squared[element.x], area: element.area)
                }
            }
        } else if bins != nil {
            bins?.add(squared, of: elements)
        } else {
            counter.add(squared, of: elements)
            if counter.used > limit { pour() }
        }
    }

    /// Puts what has been kept apart into bins.
    func pour() {
        guard bins == nil else { return }
        var bins = DistanceBins(range: range, areaCount: areaCount)
        for entry in counter.entries { bins.add(entry.squared, area: entry.area, count: entry.count) }
        counter = DistanceCounter()
        self.bins = bins
    }

    /// What has been kept apart.
    var entries: [DistanceTally.Entry] { counter.entries }
}
