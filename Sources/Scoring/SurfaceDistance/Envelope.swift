/// The lower envelope of the parabolas value + ((x - position) · spacing)² along a line.
struct Envelope {
    private let curvature: Double
    private let squares: [Double]
    private var positions: [Int]
    private var values: [Double]
    /// Where each parabola takes over from the one before.
    private var starts: [Double]
    private var count = 0
    /// The parabola of the last question; questions come in ascending order.
    private var current = 0

    init(count: Int, spacing: Double) {
        curvature = spacing * spacing
        squares = (0..<max(count, 1)).map { NearRows.square($0, spacing) }
        positions = Array(repeating: 0, count: count + 1)
        values = Array(repeating: 0, count: count + 1)
        starts = Array(repeating: 0, count: count + 1)
    }

    var isEmpty: Bool { count == 0 }

    mutating func clear() {
        count = 0
        current = 0
    }

    /// Adds a parabola; positions come in ascending order.
    mutating func add(at position: Int, _ value: Double) {
        var start = -Double.infinity
        while count > 0 {
            let last = count - 1
            let (gap, sum) = (Double(position - positions[last]), Double(position + positions[last]))
            start = (value - values[last]) / (2 * curvature * gap) + sum / 2
            if start > starts[last] { break }
            count -= 1
            start = -.infinity
        }
        positions[count] = position
        values[count] = value
        starts[count] = start
        count += 1
    }

    /// The least value at a place. Beside the parabola in charge its neighbours are asked too, for rounding may have
    /// shifted the border between them.
    mutating func value(at place: Int) -> Double {
        while current + 1 < count, starts[current + 1] < Double(place) { current += 1 }
        var least = Double.infinity
        for candidate in max(0, current - 1)...min(count - 1, current + 1) {
            least = min(least, values[candidate] + squares[abs(place - positions[candidate])])
        }
        return least
    }

    /// The least values at the x of elements of a row, in ascending order.
    mutating func values(at elements: UnsafeBufferPointer<FarElement>, into found: UnsafeMutableBufferPointer<Double>) {
        let (count, first) = (count, current)
        var last = first
        positions.withUnsafeBufferPointer { positions in
            values.withUnsafeBufferPointer { values in
                starts.withUnsafeBufferPointer { starts in
                    squares.withUnsafeBufferPointer { squares in
                        var current = first
                        for index in 0..<elements.count {
                            let place = elements[index].x
                            while current &+ 1 < count, starts[current &+ 1] < Double(place) { current &+= 1 }
                            var least = values[current] + squares[abs(place &- positions[current])]
                            if current > 0 {
                                let before = current &- 1
                                least = min(least, values[before] + squares[abs(place &- positions[before])])
                            }
                            if current &+ 1 < count {
                                let after = current &+ 1
                                least = min(least, values[after] + squares[abs(place &- positions[after])])
                            }
                            found[index] = least
                        }
                        last = current
                    }
                }
            }
        }
        current = last
    }
}
