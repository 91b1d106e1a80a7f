/// The powers of ten that fit 64 bits.
enum PowersOfTen {
    private static let table: [UInt64] = {
        var powers: [UInt64] = [1]
        for _ in 0..<19 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()

    /// 10 to the given power, from 0 to 19.
    static func at(_ power: Int) -> UInt64 { table[power] }
}
