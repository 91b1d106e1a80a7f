import CConfinement

/// The shape of one case's tensor: the batch axis, always 1, and the declared dimensions.
struct CaseShape {
    let dimensions: [Int64]
    /// Number of float32 values.
    let count: Int

    /// Nil when the request is not one that the agent makes.
    init?(_ request: concordat_host_request) {
        let rank = Int(exactly: request.rank) ?? 0
        guard request.magic == CONCORDAT_HOST_REQUEST, (1...Int(CONCORDAT_HOST_MAX_RANK)).contains(rank) else {
            return nil
        }
        dimensions = [1] + withUnsafeBytes(of: request.dimensions) { Array($0.bindMemory(to: Int64.self).prefix(rank)) }
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(dimension))
            guard dimension > 0, !overflow, product <= 1 << 30 else { return nil }
            count = product
        }
        self.count = count
    }
}
