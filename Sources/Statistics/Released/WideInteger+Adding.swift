extension WideInteger {
    static func + (left: WideInteger, right: WideInteger) -> WideInteger { WideInteger(left.value + right.value) }

    /// The sum of two sites' numbers; withheld when either is.
    static func add(_ left: WideInteger?, _ right: WideInteger?) -> WideInteger? {
        guard let left, let right else { return nil }
        return left + right
    }

    /// The sums of two sites' lists, place by place; withheld when either is.
    static func add(_ left: [WideInteger]?, _ right: [WideInteger]?) -> [WideInteger]? {
        guard let left, let right else { return nil }
        return zip(left, right).map { $0 + $1 }
    }
}
