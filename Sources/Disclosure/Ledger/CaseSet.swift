/// A set of cases by index, a bit each.
struct CaseSet: Hashable, Sendable {
    /// No word of zeros at the end.
    private var words: [UInt64]

    init(_ cases: some Sequence<Int>) {
        words = []
        for index in cases {
            if index / 64 >= words.count { words += repeatElement(0, count: index / 64 + 1 - words.count) }
            words[index / 64] |= 1 << UInt64(index % 64)
        }
    }

    init(union sets: [CaseSet]) {
        words = Array(repeating: 0, count: sets.map(\.words.count).max() ?? 0)
        for set in sets { for (place, word) in set.words.enumerated() { words[place] |= word } }
    }

    var isEmpty: Bool { words.isEmpty }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Ascending.
    var cases: [Int] {
        var cases: [Int] = []
        cases.reserveCapacity(count)
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                cases.append(64 * place + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return cases
    }

    func isSubset(of other: CaseSet) -> Bool {
        words.count <= other.words.count && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }

    func meets(_ other: CaseSet) -> Bool { zip(words, other.words).contains { $0 & $1 != 0 } }

    mutating func subtract(_ other: CaseSet) {
        for place in 0..<min(words.count, other.words.count) { words[place] &= ~other.words[place] }
        while words.last == 0 { words.removeLast() }
    }

    func subtracting(_ other: CaseSet) -> CaseSet {
        var result = self
        result.subtract(other)
        return result
    }
}
