/// One released number as a vector over the site's patients: how many cases of each stand behind it.
///
/// A multiple of a row tells what the row tells, so the vector is kept divided by the greatest common divisor of its
/// entries. Patients are numbered by an index that never changes and is never used again.
public struct PatientRow: Sendable, Hashable {
    /// Indices are below this: 2^27, sixteen MiB a row at most.
    public static let maximumPatients = 1 << 27
    /// The most cases of one patient behind a number.
    public static let maximumMultiplicity = 65_535

    /// Plane `b` holds bit `b` of every patient's multiplicity: patient `p` is bit `p % 64` of word `p / 64`. No word of
    /// zeros at the end of a plane, no empty plane at the end.
    let planes: [[UInt64]]

    /// Each patient once: a count of patients.
    /// - Parameter patients: indices, in any order; one that comes twice counts once.
    /// - Throws: `outOfRange`.
    public init(patients: some Sequence<UInt32>) throws(LedgerError) {
        var words: [UInt64] = []
        for patient in patients {
            guard patient < Self.maximumPatients else { throw LedgerError(.outOfRange) }
            let word = Int(patient / 64)
            if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
            words[word] |= 1 << UInt64(patient % 64)
        }
        planes = Self.trimmed([words])
    }

    /// A count of cases.
    /// - Parameter cases: the patient of every case, in any order.
    /// - Throws: `outOfRange`.
    public init(cases: some Sequence<UInt32>) throws(LedgerError) {
        var planes: [[UInt64]] = [[]]
        for patient in cases {
            guard patient < Self.maximumPatients else { throw LedgerError(.outOfRange) }
            let word = Int(patient / 64)
            var carry: UInt64 = 1 << UInt64(patient % 64)
            var plane = 0
            while carry != 0 {
                guard plane < 16 else { throw LedgerError(.outOfRange) }
                if plane == planes.count { planes.append([]) }
                if word >= planes[plane].count {
                    planes[plane].append(contentsOf: repeatElement(0, count: word + 1 - planes[plane].count))
                }
                planes[plane][word] ^= carry
                // A bit that was set is carried on.
                carry &= ~planes[plane][word]
                plane += 1
            }
        }
        self.init(planes: planes)
    }

    /// Of planes as above, not yet trimmed or divided.
    init(planes: [[UInt64]]) {
        let trimmed = Self.trimmed(planes)
        let divisor = Self.commonDivisor(trimmed)
        self.planes = divisor > 1 ? Self.divided(trimmed, by: divisor) : trimmed
    }

    /// The number of patients behind the row.
    public var patientCount: Int { (0..<wordCount).reduce(0) { $0 + support($1).nonzeroBitCount } }

    /// Whether nobody is behind it.
    public var isZero: Bool { planes.isEmpty }

    /// The words of the longest plane.
    var wordCount: Int { planes.reduce(0) { max($0, $1.count) } }

    /// Bit `b` of the multiplicities of the patients of a word.
    func word(_ index: Int, plane: Int) -> UInt64 {
        plane < planes.count && index < planes[plane].count ? planes[plane][index] : 0
    }

    /// The patients of a word that are behind the row.
    func support(_ index: Int) -> UInt64 {
        planes.reduce(0) { index < $1.count ? $0 | $1[index] : $0 }
    }

    private static func trimmed(_ planes: [[UInt64]]) -> [[UInt64]] {
        var result = planes.map { plane in
            let end = plane.lastIndex { $0 != 0 } ?? -1
            return end + 1 == plane.count ? plane : Array(plane[...end])
        }
        while let last = result.last, last.isEmpty { result.removeLast() }
        return result
    }

    private static func multiplicity(_ planes: [[UInt64]], word: Int, bit: Int) -> Int {
        planes.indices.reduce(0) { value, plane in
            guard word < planes[plane].count else { return value }
            return value | Int(planes[plane][word] >> UInt64(bit) & 1) << plane
        }
    }

    /// 0 for no patient; stops at 1.
    private static func commonDivisor(_ planes: [[UInt64]]) -> Int {
        guard planes.count > 1 else { return planes.count }
        var divisor = 0
        for word in 0..<planes.reduce(0, { max($0, $1.count) }) {
            var support = planes.reduce(0) { word < $1.count ? $0 | $1[word] : $0 }
            while support != 0 {
                var (larger, smaller) = (divisor, multiplicity(planes, word: word, bit: support.trailingZeroBitCount))
                while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
                divisor = larger
                if divisor == 1 { return 1 }
                support &= support - 1
            }
        }
        return divisor
    }

    private static func divided(_ planes: [[UInt64]], by divisor: Int) -> [[UInt64]] {
        var result = planes.map { [UInt64](repeating: 0, count: $0.count) }
        let words = planes.reduce(0) { max($0, $1.count) }
        // A quotient has no more bits than what was divided, but its low bits may lie beyond a plane that was trimmed.
        for plane in result.indices { result[plane] += repeatElement(0, count: words - result[plane].count) }
        for word in 0..<words {
            var support = planes.reduce(0) { word < $1.count ? $0 | $1[word] : $0 }
            while support != 0 {
                let bit = support.trailingZeroBitCount
                let quotient = multiplicity(planes, word: word, bit: bit) / divisor
                for plane in result.indices where quotient >> plane & 1 == 1 { result[plane][word] |= 1 << UInt64(bit) }
                support &= support - 1
            }
        }
        return trimmed(result)
    }
}
