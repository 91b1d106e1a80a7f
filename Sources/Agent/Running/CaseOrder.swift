internal import Evidence
internal import Foundation

/// The order in which a model sees the cases: random to everybody without the site key, and another one for every job,
/// so that a model cannot know which case it is asked about by its place.
struct CaseOrder {
    /// Positions of the cases, in the order in which they are scored.
    let order: [Int]
    /// Indices into `order` of the cases that are scored a second time, in an order of their own.
    let repeating: [Int]

    /// The fewest and the most cases that are scored again, and the share in between.
    private static let fewest = 16
    private static let most = 256
    private static let share = 20

    /// - Parameter keys: the key of each case.
    init(job: Digest, keys: [String], secrets: SiteSecrets) {
        func sorted(_ purpose: String) -> [Int] {
            let codes = keys.map { key in
                secrets.code(of: Data("concordat-\(purpose)-v1\0".utf8) + job.bytes + Data(key.utf8))
            }
            return keys.indices.sorted { left, right in
                // Equal keys have equal codes; their places decide, so that the order is one order.
                codes[left] == codes[right] ? left < right : codes[left].lexicographicallyPrecedes(codes[right])
            }
        }
        order = sorted("case-order")
        var place = [Int](repeating: 0, count: keys.count)
        for (index, position) in order.enumerated() { place[position] = index }
        let count = min(keys.count, max(Self.fewest, min(keys.count / Self.share, Self.most)))
        repeating = sorted("case-repeat").prefix(count).map { place[$0] }
    }
}
