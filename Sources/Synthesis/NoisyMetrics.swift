internal import Foundation
import Privacy
import Statistics

/// What follows from noisy counts: each with an interval for the true count of the sites' counted cases, over the noise
/// alone. That the cases are a sample is not in it.
enum NoisyMetrics {
    static let name = "noisy_count"
    static let definition = "differentially-private"

    static func of(_ noisy: ReleasedNoisyCounts) -> [Metric] {
        let interval = NoiseInterval(noisy.noise, level: SiteMetrics.level)
        return zip(labels(noisy.subject), noisy.numbers).map { label, number in
            Metric(
                name, value: Double(number), interval: interval?.around(number), variable: label.variable,
                group: label.group, parameters: label.parameters, definition: definition)
        }
    }

    // MARK: Cells

    private struct Label {
        var variable: String?
        /// For people.
        var group: String
        var parameters: [String: String]
    }

    private static func labels(_ subject: ReleasedNoisyCounts.Subject) -> [Label] {
        switch subject {
        case .flow(let boxes):
            boxes.map { box in
                var parameters = ["box": box.box.rawValue]
                parameters["reason"] = box.reason
                return Label(
                    group: box.box.rawValue + (box.reason.map { ": \($0)" } ?? ""), parameters: parameters)
            }
        case .table(let axes): table(axes)
        case .histogram(let variable, _, let by, let levels, let edges):
            (by == nil ? [nil] : levels.map(Optional.some)).flatMap { level in
                (bins(edges) + ["missing", "malformed", "out-of-range"].map { ($0, ["count": $0]) }).map { bin in
                    var parameters = bin.1
                    if let by, let level {
                        parameters["by"] = by
                        parameters["level"] = level
                    }
                    return Label(
                        variable: variable, group: (level.map { "\($0) " } ?? "") + bin.0, parameters: parameters)
                }
            }
        case .confusion(let operatingPoint, let threshold):
            ["tp", "fp", "fn", "tn"].map { cell in
                Label(
                    group: cell.uppercased(),
                    parameters: ["cell": cell, "operatingPoint": operatingPoint, "threshold": threshold])
            }
        case .scoreSteps(_, let edges):
            ["positive", "negative"].flatMap { name in
                bins(edges).map { bin in
                    Label(
                        group: "\(name) \(bin.0)", parameters: bin.1.merging(["class": name]) { first, _ in first })
                }
            }
        }
    }

    private static func bins(_ edges: [String]) -> [(String, [String: String])] {
        zip(edges, edges.dropFirst()).enumerated().map { index, bin in
            ("[\(bin.0), \(bin.1)" + (index == edges.count - 2 ? "]" : ")"), ["from": bin.0, "to": bin.1])
        }
    }

    private static func table(_ axes: [TableAxis]) -> [Label] {
        axes.reduce([Label(group: "", parameters: [:])]) { labels, axis in
            labels.flatMap { label in
                axis.levels.map { level in
                    Label(
                        group: (label.group.isEmpty ? "" : label.group + ", ") + "\(axis.variable)=\(level)",
                        parameters: label.parameters.merging([axis.variable: level]) { first, _ in first })
                }
            }
        }
    }
}

/// How far noise is from zero at most, with a confidence that is kept for certain.
struct NoiseInterval {
    /// In cases.
    let halfWidth: Double
    let level: Double
    let method: String

    /// One site's noise has its exact quantile. A sum over sites has the Chernoff bound: for every t > 0,
    /// P(X ≥ x) ≤ M(t) exp(-t x), where M is the product of the sites' moment generating functions. The discrete
    /// Gaussian's is at most exp(t²σ²/2) (Canonne, Kamath, Steinke 2020, Corollary 9), the discrete Laplace's at most
    /// 1 / (1 - t²b²): it is 1 / (1 - (sinh(t/2) / sinh(1/2b))²), and sinh(x) / x increases.
    /// - Returns: nil for a scale that cannot be read, or that no finite bound belongs to.
    init?(_ noise: [ReleasedNoisyCounts.Noise], level: Double) {
        self.level = level
        if noise.count == 1, noise[0].sites == 1 {
            guard let exact = Self.exact(noise[0], level) else { return nil }
            halfWidth = exact
            method = "noise-exact"
        } else {
            guard let bound = Self.chernoff(noise, level) else { return nil }
            halfWidth = bound
            method = "noise-chernoff"
        }
    }

    /// A count is never negative.
    func around(_ number: Int64) -> Metric.Interval {
        Metric.Interval(
            lower: max(0, Double(number) - halfWidth), upper: max(0, Double(number) + halfWidth), level: level,
            method: method)
    }

    private static func exact(_ noise: ReleasedNoisyCounts.Noise, _ level: Double) -> Double? {
        let mechanism: NoiseMechanism =
            switch noise.mechanism {
            case .discreteGaussian: .gaussian
            case .discreteLaplace: .laplace
            }
        guard let scale = try? Fraction(noise.scale), let drawn = try? NoiseScale(mechanism, scale: scale) else {
            return nil
        }
        return (try? drawn.halfWidth(confidence: level)).map(Double.init)
    }

    private static func chernoff(_ noise: [ReleasedNoisyCounts.Noise], _ level: Double) -> Double? {
        var gaussian = 0.0
        var laplace: [(sites: Double, scale: Double)] = []
        for entry in noise {
            guard let scale = entry.scaleValue else { return nil }
            switch entry.mechanism {
            case .discreteGaussian: gaussian += Double(entry.sites) * scale * scale
            case .discreteLaplace: laplace.append((Double(entry.sites), scale))
            }
        }
        let tail = -log((1 - level) / 2)
        /// x at which the bound reaches the tail. Every t gives a right one; the least is wanted.
        func reach(_ t: Double) -> Double {
            let terms = laplace.reduce(0) { $0 - $1.sites * log(1 - t * t * $1.scale * $1.scale) }
            return (t * t * gaussian / 2 + terms + tail) / t
        }
        let widest = laplace.map(\.scale).max().map { 1 / $0 } ?? .infinity
        let usual = gaussian > 0 ? 2 * (2 * tail / gaussian).squareRoot() : .infinity
        var (low, high) = (0.0, min(widest, usual))
        guard high.isFinite, high > 0 else { return nil }
        // Quasi-convex in t: the numerator is convex and positive.
        for _ in 0..<80 {
            let third = (high - low) / 3
            if reach(low + third) <= reach(high - third) { high -= third } else { low += third }
        }
        let x = reach((low + high) / 2) * (1 + 1e-9)
        // The noise is whole: P(X > q) = P(X ≥ q + 1).
        return x.isFinite ? max(0, x.rounded(.up) - 1) : nil
    }
}
