/// The squares of the distances of whole steps along each axis, as long as a frame.
struct AxisSquares {
    let z: [Double]
    let y: [Double]
    let x: [Double]

    init(frame: SurfaceFrame, spacing: VoxelSpacing) {
        z = (0..<frame.depth).map { NearRows.square($0, spacing.z) }
        y = (0..<frame.height).map { NearRows.square($0, spacing.y) }
        x = (0..<frame.width).map { NearRows.square($0, spacing.x) }
    }

    func withView(_ body: (View) -> Void) {
        z.withUnsafeBufferPointer { z in
            y.withUnsafeBufferPointer { y in x.withUnsafeBufferPointer { x in body(View(z: z, y: y, x: x)) } }
        }
    }

    /// The squares for a search.
    struct View {
        private let zSquares: UnsafeBufferPointer<Double>
        private let ySquares: UnsafeBufferPointer<Double>
        private let xSquares: UnsafeBufferPointer<Double>

        init(z: UnsafeBufferPointer<Double>, y: UnsafeBufferPointer<Double>, x: UnsafeBufferPointer<Double>) {
            (zSquares, ySquares, xSquares) = (z, y, x)
        }

        @inline(__always)
        func z(_ steps: Int32) -> Double { zSquares[Int(abs(steps))] }
        @inline(__always)
        func y(_ steps: Int32) -> Double { ySquares[Int(abs(steps))] }
        @inline(__always)
        func x(_ steps: Int32) -> Double { xSquares[Int(abs(steps))] }

        func distance(_ dz: Int32, _ dy: Int32, _ dx: Int32) -> Double { z(dz) + y(dy) + x(dx) }

        /// The least squared distance between corners of two boxes, none if they overlap.
        @inline(__always)
        func nearest(_ a: SurfaceIndex.Box, _ b: SurfaceIndex.Box) -> Double {
            distance(
                max(0, max(b.z0 - a.z1, a.z0 - b.z1)), max(0, max(b.y0 - a.y1, a.y0 - b.y1)),
                max(0, max(b.x0 - a.x1, a.x0 - b.x1)))
        }

        /// The greatest squared distance between corners of two boxes.
        func farthest(_ a: SurfaceIndex.Box, _ b: SurfaceIndex.Box) -> Double {
            distance(
                max(b.z1 - a.z0, a.z1 - b.z0), max(b.y1 - a.y0, a.y1 - b.y0), max(b.x1 - a.x0, a.x1 - b.x0))
        }
    }
}
