/// The lower envelope of the parabolas height + ((place - site)·spacing)² over the places of a line, by which a squared
/// distance transform is taken along one axis in linear time. Source: P. F. Felzenszwalb and D. P. Huttenlocher (2012),
/// "Distance transforms of sampled functions", Theory of Computing 8:415, algorithm 1. A copy shares the memory.
struct LowerEnvelope {
    private let length: Int
    private let storage: Storage
    private let sites: UnsafeMutablePointer<Int>
    private let heights: UnsafeMutablePointer<Double>
    /// Where each parabola takes over from the one before.
    private let starts: UnsafeMutablePointer<Double>
    /// The squares of steps along the line, those backwards too.
    private let squares: UnsafeMutablePointer<Double>
    /// For each number of steps between two sites, by how much a difference in height moves the place where they cross.
    private let shifts: UnsafeMutablePointer<Double>
    private var count = 0

    /// Parabolas that meet in a point to about rounding are all kept (in places): of sums that are equal but for rounding
    /// the least is to be found, as on every other way to a distance.
    private static let tie = 1e-6

    /// - Parameters:
    ///   - length: the number of places.
    ///   - spacing: between neighbouring places.
    init(length: Int, spacing: Double) {
        self.length = length
        storage = Storage(length: length)
        sites = storage.sites
        heights = storage.numbers
        starts = heights + length + 1
        shifts = starts + length + 1
        squares = shifts + 2 * length + 1
        for steps in 0...length {
            squares[steps] = NearRows.square(steps, spacing)
            squares[-steps] = squares[steps]
            shifts[steps] = 1 / (2 * spacing * spacing * Double(steps))
        }
    }

    private final class Storage {
        let sites: UnsafeMutablePointer<Int>
        /// Heights, starts and shifts, then squares from -length to length.
        let numbers: UnsafeMutablePointer<Double>

        init(length: Int) {
            sites = .allocate(capacity: length + 1)
            sites.initialize(repeating: 0, count: length + 1)
            numbers = .allocate(capacity: 5 * (length + 1))
            numbers.initialize(repeating: 0, count: 5 * (length + 1))
        }

        deinit {
            sites.deallocate()
            numbers.deallocate()
        }
    }

    var isEmpty: Bool { count == 0 }

    mutating func removeAll() { count = 0 }

    /// Adds a parabola; sites come in ascending order.
    @inline(__always)
    mutating func add(at site: Int, height: Double) {
        var start = -Double.infinity
        while count > 0 {
            let last = count &- 1
            // Where the two cross, as the middle and a shift: a difference of squared positions would cancel.
            start =
                (height - heights[last]) * shifts[site &- sites[last]] + Double(site &+ sites[last]) * 0.5
            if start > starts[last] - Self.tie { break }
            count = last
            start = -.infinity
        }
        // One that takes over only beyond the end of the line never counts.
        guard start < Double(length) else { return }
        sites[count] = site
        heights[count] = height
        starts[count] = start
        count = count &+ 1
    }

    /// The least heights at some places. Where one parabola takes over from another both are asked, for rounding may have
    /// shifted the border between them.
    /// - Parameter found: a number for each place of the line; only those asked for are written.
    @inline(__always)
    func fill(_ places: Range<Int>, into found: UnsafeMutablePointer<Double>) {
        (found + places.lowerBound).update(repeating: .infinity, count: places.count)
        for index in 0..<count {
            let first = max(places.lowerBound, Int(max(starts[index], -1).rounded(.down)))
            let end =
                index &+ 1 == count
                ? places.upperBound
                : min(places.upperBound, Int(max(starts[index &+ 1], -1).rounded(.up)) &+ 1)
            guard first < end else { continue }
            let height = heights[index]
            let from = squares - sites[index]
            for place in first..<end {
                let value = height + from[place]
                found[place] = value < found[place] ? value : found[place]
            }
        }
    }

    /// The site of the lowest parabola at a place.
    /// - Parameter index: where the answer for a place before lay, or 0.
    @inline(__always)
    func site(at place: Int, from index: inout Int) -> Int {
        while index &+ 1 < count, starts[index &+ 1] < Double(place) { index = index &+ 1 }
        return sites[index]
    }

    /// The height of the lowest parabola at a place, and its site; the same `index` as in `site(at:from:)`.
    @inline(__always)
    func lowest(at place: Int, from index: inout Int) -> (site: Int, height: Double) {
        let site = site(at: place, from: &index)
        return (site, heights[index] + squares[place &- site])
    }
}
