public import Ledger

/// Rule 7: all that ever left about a site's data, to anyone.
public struct ReleaseLedger: Sendable {
    /// Numbers of one kind; of sums over a quantity, a patient whose values changed since is another patient.
    public struct Sums: Sendable {
        public var ledger: Ledger
        public var columns: ValueColumns

        public init(ledger: Ledger, columns: ValueColumns) {
            self.ledger = ledger
            self.columns = columns
        }
    }

    /// Counts of cases.
    public var counts: Ledger
    /// By the name of the space: `patients`, `calls` (of a model), `sum:` and a variable, `area:` and a model.
    public var sums: [String: Sums]
    public var marks: [Mark]
    /// The least number of patients that a combination of sums over a quantity may isolate (rule 6).
    public let sumsMinimumCount: Int

    /// - Parameter sumsMinimumCount: that of the counts where it is not given.
    public init(
        counts: Ledger, sums: [String: Sums] = [:], marks: [Mark] = [], sumsMinimumCount: Int? = nil
    ) {
        self.counts = counts
        self.sums = sums
        self.marks = marks
        self.sumsMinimumCount = sumsMinimumCount ?? counts.minimumCount
    }

    /// An empty one.
    public init(minimumCount: Int, sumsMinimumCount: Int? = nil) {
        self.init(counts: Ledger(minimumCount: minimumCount), sumsMinimumCount: sumsMinimumCount)
    }

    /// Whether a space is of sums over a quantity.
    public static func isOfQuantity(space: String) -> Bool { space.hasPrefix("sum:") }

    /// How many rows say something of their own.
    public var rowCount: Int { sums.values.reduce(counts.independentRowCount) { $0 + $1.ledger.independentRowCount } }

    /// The ledger with a release added.
    /// - Throws: `notAllowed` when the gate would not have let it through, `outOfRange`.
    public mutating func append(_ addition: Addition) throws(LedgerError) {
        var next = self
        try next.counts.append(addition.counts)
        for sum in addition.sums {
            var space = next.space(sum.space)
            let columns = try space.columns.columns(patients: sum.patients, digests: sum.digests)
            try space.ledger.append([try Self.row(columns, multiplicities: sum.multiplicities)])
            next.sums[sum.space] = space
        }
        next.marks += addition.marks
        self = next
    }

    func space(_ name: String) -> Sums {
        let least = Self.isOfQuantity(space: name) ? sumsMinimumCount : counts.minimumCount
        return sums[name] ?? Sums(ledger: Ledger(minimumCount: least, space: .values), columns: ValueColumns())
    }

    static func row(_ columns: [UInt32], multiplicities: [Int]) throws(LedgerError) -> PatientRow {
        try PatientRow(cases: zip(columns, multiplicities).flatMap { repeatElement($0, count: $1) })
    }
}

extension ReleaseLedger {
    /// What a release adds.
    public struct Addition: Hashable, Sendable {
        /// A number that adds up values of patients.
        public struct Sum: Hashable, Sendable {
            public let space: String
            /// In the site's register, ascending, each once.
            public let patients: [UInt32]
            /// How many cases of each are in it.
            public let multiplicities: [Int]
            /// Of each patient's values.
            public let digests: [UInt64]

            public init(space: String, patients: [UInt32], multiplicities: [Int], digests: [UInt64]) {
                self.space = space
                self.patients = patients
                self.multiplicities = multiplicities
                self.digests = digests
            }
        }

        public var counts: [PatientRow] = []
        public var sums: [Sum] = []
        public var marks: [Mark] = []

        public init() {}

        /// Rows in all.
        public var rowCount: Int { counts.count + sums.count }
    }
}

/// What the gate needs for rule 7.
public struct LedgerContext: Sendable {
    public let ledger: ReleaseLedger
    /// The number of each patient of the snapshot in the site's register, which never changes and is never used again.
    public let register: [UInt32]
    /// A secret of the site for the digests of values.
    public let seed: UInt64
    /// The digest of the model that is evaluated.
    public let model: String?

    public init(ledger: ReleaseLedger, register: [UInt32], seed: UInt64, model: String?) {
        self.ledger = ledger
        self.register = register
        self.seed = seed
        self.model = model
    }
}
