/// The lower envelope of parabolas (p − position)² + height, by which a squared distance transform is taken along one
/// axis in linear time: P. F. Felzenszwalb and D. P. Huttenlocher (2012), "Distance transforms of sampled functions",
/// Theory of Computing 8:415, algorithm 1.
struct LowerEnvelope {
    /// Which parabola is lowest from `starts` of the same index on.
    private var sites: [Int]
    private var positions: [Double]
    private var heights: [Double]
    private var starts: [Double]
    private var count = 0

    /// - Parameter capacity: the most parabolas.
    init(capacity: Int) {
        sites = Array(repeating: 0, count: capacity)
        positions = Array(repeating: 0, count: capacity)
        heights = positions
        starts = positions
    }

    var isEmpty: Bool { count == 0 }

    mutating func removeAll() { count = 0 }

    /// Adds a parabola to the right of all that there are.
    @inline(__always)
    mutating func add(site: Int, position: Double, height: Double) {
        var start = -Double.infinity
        while count > 0 {
            let last = count - 1
            // Where the two cross, as the middle and a shift: a difference of squared positions would cancel.
            start =
                (position + positions[last]) / 2 + (height - heights[last]) / (2 * (position - positions[last]))
            if start > starts[last] { break }
            count -= 1
            start = -Double.infinity
        }
        sites[count] = site
        positions[count] = position
        heights[count] = height
        starts[count] = start
        count += 1
    }

    /// The lowest parabola at a position; `from` is the index of the answer for a position further left, or 0.
    @inline(__always)
    func lowest(at position: Double, from index: inout Int) -> (site: Int, value: Double) {
        while index + 1 < count, starts[index + 1] < position { index += 1 }
        let distance = position - positions[index]
        return (sites[index], distance * distance + heights[index])
    }
}
