/// Which voxels of a mask hang together as one lesion.
public enum LesionConnectivity: String, Hashable, Sendable, CaseIterable {
    /// Voxels that share a face: 6 neighbours in three dimensions, 4 in two.
    case faces
    /// Voxels that share a face or an edge: 18 neighbours; in two dimensions 8, as `corners`.
    case edges
    /// Voxels that share a face, an edge or a corner: 26 neighbours in three dimensions, 8 in two.
    case corners

    /// The number of neighbours by which the field names it: 6, 18, 26 in three dimensions, 4, 8 in two.
    public func neighbours(isPlanar: Bool) -> Int {
        switch self {
        case .faces: isPlanar ? 4 : 6
        case .edges: isPlanar ? 8 : 18
        case .corners: isPlanar ? 8 : 26
        }
    }

    /// From the number of neighbours, nil for one that the dimension does not have.
    public init?(neighbours: Int, isPlanar: Bool) {
        switch (neighbours, isPlanar) {
        case (6, false), (4, true): self = .faces
        case (18, false): self = .edges
        case (26, false), (8, true): self = .corners
        default: return nil
        }
    }

    /// The rows that come before a row and touch it, with how far along x their voxels may lie apart.
    func precedingRows(isPlanar: Bool) -> [(dz: Int, dy: Int, reach: Int)] {
        let diagonal = self == .faces ? 0 : 1
        let sameSlice = [(dz: 0, dy: -1, reach: diagonal)]
        guard !isPlanar else { return sameSlice }
        switch self {
        case .faces: return sameSlice + [(-1, 0, 0)]
        case .edges: return sameSlice + [(-1, 0, 1), (-1, -1, 0), (-1, 1, 0)]
        case .corners: return sameSlice + [(-1, 0, 1), (-1, -1, 1), (-1, 1, 1)]
        }
    }
}
