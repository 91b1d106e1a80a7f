/// The area of the surface element at a corner of the voxel grid, by the occupancy of the voxels that meet there.
///
/// The neighbour code of a corner has a bit for each of the eight voxels around it: 128 for the voxel below in z, y and
/// x, 64 for the one above in x only, 32 for y, 16 for y and x, and 8, 4, 2, 1 for the same above in z. The element is
/// the marching-cubes surface within the cube of the eight voxel centres, its vertices at the middles of the edges, its
/// ambiguous faces resolved in the same way for a code and its complement. Source: Lorensen and Cline, "Marching
/// cubes", SIGGRAPH 1987, section 4, with the triangles that surface-distance (google-deepmind) uses; Nikolov et al.,
/// "Clinically applicable segmentation of head and neck anatomy", JMIR 2021, appendix on surface DSC.
///
/// In two dimensions the element is the contour within the square of four pixel centres, and its code repeats the four
/// bits of y and x, as if the slice went on below and above.
struct SurfaceElementAreas {
    /// The different areas (mm², in two dimensions lengths in mm), ascending.
    let areas: [Double]
    /// The place in `areas` of each of the 256 neighbour codes.
    let classes: [UInt8]

    /// The area of a neighbour code.
    subscript(code: Int) -> Double { areas[Int(classes[code])] }

    init(spacing: VoxelSpacing, isPlanar: Bool) {
        let byCode = isPlanar ? Self.contourLengths(spacing) : Self.surfaceAreas(spacing)
        let areas = Set(byCode).sorted()
        self.areas = areas
        classes = byCode.map { area in UInt8(areas.firstIndex(of: area) ?? 0) }
    }

    /// The configurations that are different, up to rotation, reflection and complement: the code and the vector areas
    /// of its triangles in eighths of a voxel face, without their signs, which are components along z, y, x.
    private static let configurations: [(code: Int, triangles: [[Int]])] = [
        // One voxel: a corner is cut off.
        (0b0000_0001, [[1, 1, 1]]),
        // Two that share a face: a rectangle. Two that share an edge or a point: two corners.
        (0b0000_0011, [[2, 2, 0], [2, 2, 0]]),
        (0b0000_0110, [[1, 1, 1], [1, 1, 1]]),
        (0b0001_1000, [[1, 1, 1], [1, 1, 1]]),
        // Three in an L: a pentagon. A pair and one apart. Three that share no face.
        (0b0000_0111, [[1, 1, 1], [2, 2, 2], [4, 0, 0]]),
        (0b0001_1001, [[0, 2, 2], [0, 2, 2], [1, 1, 1]]),
        (0b0001_0110, [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        // Four: a plane; a hexagon; a twisted strip; an L and one apart; two pairs; a tetrahedron.
        (0b0000_1111, [[4, 0, 0], [4, 0, 0]]),
        (0b0001_0111, [[1, 1, 1], [1, 1, 1], [2, 2, 2], [2, 2, 2]]),
        (0b0001_1011, [[0, 2, 2], [1, 1, 1], [2, 0, 2], [3, 3, 3]]),
        (0b0001_1110, [[1, 1, 1], [1, 1, 1], [2, 2, 2], [4, 0, 0]]),
        (0b0011_1100, [[2, 2, 0], [2, 2, 0], [2, 2, 0], [2, 2, 0]]),
        (0b0110_1001, [[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    ]

    /// The area of every code: those of the configurations, carried over by the 48 symmetries of the cube and by
    /// complement.
    private static func surfaceAreas(_ spacing: VoxelSpacing) -> [Double] {
        let faces = [spacing.y * spacing.x, spacing.z * spacing.x, spacing.z * spacing.y]
        var areas = Array(repeating: 0.0, count: 256)
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        for (code, triangles) in configurations {
            for order in orders {
                let turned = triangles.map { triangle in order.map { triangle[$0] } }
                // The same order of summation for equal areas, so that rounding makes no further classes.
                let area = turned.map { vector in
                    zip(vector, faces).reduce(0) { sum, part in
                        let component = Double(part.0) / 8 * part.1
                        return sum + component * component
                    }.squareRoot()
                }.sorted().reduce(0, +)
                for flip in 0..<8 {
                    let image = Self.image(of: code, order: order, flip: flip)
                    areas[image] = area
                    areas[255 - image] = area
                }
            }
        }
        return areas
    }

    /// The code whose occupancy is that of another after its axes are put in a new order and some are reversed (bits
    /// 4, 2, 1 of `flip` for z, y, x).
    private static func image(of code: Int, order: [Int], flip: Int) -> Int {
        (0..<8).reduce(0) { image, corner in
            guard code >> (7 - corner) & 1 == 1 else { return image }
            let position = [corner >> 2 & 1, corner >> 1 & 1, corner & 1]
            let moved = order.reduce(0) { $0 << 1 | position[$1] } ^ flip
            return image | 1 << (7 - moved)
        }
    }

    /// The length of the contour for the codes of two dimensions: a diagonal for each corner cut off, else a side.
    private static func contourLengths(_ spacing: VoxelSpacing) -> [Double] {
        let diagonal = 0.5 * (spacing.y * spacing.y + spacing.x * spacing.x).squareRoot()
        var lengths = Array(repeating: 0.0, count: 256)
        for code in 0..<16 {
            lengths[code << 4 | code] =
                switch code {
                case 0b0000, 0b1111: 0
                case 0b0011, 0b1100: spacing.x
                case 0b0101, 0b1010: spacing.y
                case 0b0110, 0b1001: 2 * diagonal
                default: diagonal
                }
        }
        return lengths
    }
}
