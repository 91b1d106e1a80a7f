import Statistics

/// The earlier entry points, until their one caller uses ``RandomEffects/fit(_:method:)``; then this file goes.
extension RandomEffects {
    public init?(_ effects: [SiteEffect]) {
        guard effects.count >= 2, let fit = RandomEffects.fit(effects, method: .dersimonianLaird).value else {
            return nil
        }
        self = fit
    }

    public var q: Double { heterogeneity.q }
    public var i2: Double { heterogeneity.i2 }

    public func guardedHartungKnapp(level: Double) -> (lower: Double, upper: Double)? {
        inference(.hartungKnappGuarded, level: level).value.map { ($0.interval.lower, $0.interval.upper) }
    }

    public var guardedStandardError: Double { inference(.hartungKnappGuarded).value?.standardError ?? 0 }
}
