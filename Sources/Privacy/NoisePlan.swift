/// Which noise each answer of a release gets, decided before anything is drawn and from nothing but the questions: their
/// cells, their sensitivities and their shares of one rho.
///
/// The guarantee holds when *all* cells of an answer are published with noise: zeros and small ones too, on the protocol's
/// edges. A cell that is withheld, a bin that is merged or an answer that is refused because of the exact counts says
/// something that no noise covers.
public struct NoisePlan: Hashable, Sendable {
    /// One answer that asks for noise.
    public struct Request: Hashable, Sendable {
        public let answer: String
        /// How many numbers it has, 1 to 100,000.
        public let cells: Int
        /// What one patient changes of all of them together.
        public let sensitivity: Sensitivity
        /// Its share of the budget, relative to the others': 1 to 1,000,000.
        public let weight: UInt64

        public init(answer: String, cells: Int, sensitivity: Sensitivity, weight: UInt64 = 1) throws(PrivacyError) {
            try PlainName.check(answer)
            guard (1...100_000).contains(cells), (1...1_000_000).contains(weight) else {
                throw PrivacyError(.beyondLimits, "from 1 to 100000 cells and a weight from 1 to 1000000")
            }
            self.answer = answer
            self.cells = cells
            self.sensitivity = sensitivity
            self.weight = weight
        }
    }

    /// What one answer gets.
    public struct Share: Hashable, Sendable {
        public let answer: String
        public let cells: Int
        /// The same for each of its cells.
        public let noise: NoiseScale
        /// What the whole answer costs.
        public let cost: PrivacyCost
    }

    private struct Asked: Hashable {
        let sensitivity: Sensitivity
        let units: UInt64
    }

    /// In the order of the requests.
    public let shares: [Share]
    /// What the release costs: the sum of its shares, at most the budget that was given.
    public let cost: PrivacyCost

    /// Splits a budget over the answers by their weights, and gives each the least noise that its share covers.
    ///
    /// The answers may overlap in any way, also tables with shared margins: each is charged in full, and costs add. A
    /// release of one cheap and one dear answer (a count and a sum, say) has the same relative precision in both when the
    /// weights are equal: the scale follows the sensitivity.
    /// - Parameters:
    ///   - requests: 1 to 10,000, with distinct names.
    ///   - budget: what the release may cost in all.
    public init(_ requests: [Request], within budget: PrivacyCost, mechanism: NoiseMechanism) throws(PrivacyError) {
        guard (1...10_000).contains(requests.count), Set(requests.map(\.answer)).count == requests.count else {
            throw PrivacyError(.malformedRecord, "from 1 to 10000 answers with distinct names")
        }
        let weights = requests.reduce(UInt128(0)) { $0 + UInt128($1.weight) }
        var shares: [Share] = []
        var total = PrivacyCost.zero
        // Most answers of a release ask for the same.
        var known: [Asked: (noise: NoiseScale, cost: PrivacyCost)] = [:]
        for request in requests {
            // Rounded down, so that the shares together stay within the budget.
            let part = UInt64(UInt128(budget.units) * UInt128(request.weight) / weights)
            let asked = Asked(sensitivity: request.sensitivity, units: part)
            let given: (noise: NoiseScale, cost: PrivacyCost)
            if let same = known[asked] {
                given = same
            } else {
                let noise = try NoiseScale.least(
                    mechanism, for: request.sensitivity, within: PrivacyCost(units: part))
                given = (noise, try noise.cost(for: request.sensitivity))
                known[asked] = given
            }
            shares.append(
                Share(answer: request.answer, cells: request.cells, noise: given.noise, cost: given.cost))
            total = try total.adding(given.cost)
        }
        self.shares = shares
        cost = total
    }
}
