/// The area under a part of the ROC curve (D. K. McClish 1989, "Analyzing a portion of the ROC curve", Med Decis Making
/// 9:190-195), by trapezoids between the operating points.
///
/// Its variance is not given: that needs a bootstrap of the cases.
public struct PartialArea: Hashable, Sendable {
    /// The area under the stretch, from 0 to the stretch's width.
    public let raw: Double
    /// McClish's standardised area ½·[1 + (raw − min) / (max − min)], with min the area under the chance diagonal in the
    /// stretch and max its width: ½ for chance, 1 for a perfect curve, below ½ for a curve below the diagonal.
    public let mcclish: Double
}

extension ROCCurve {
    /// The area over specificities from `range.lowerBound` to `range.upperBound`, as pROC's `partial.auc` with focus
    /// "specificity"; `bad-argument` for an empty range or one outside 0...1.
    public func partialArea(specificity range: ClosedRange<Double>) -> Inferred<PartialArea> {
        partialArea(over: range, width: range.upperBound - range.lowerBound) { point in
            (
                Double(self.negatives - point.falsePositives) / Double(self.negatives),
                Double(point.truePositives) / Double(self.positives)
            )
        }
    }

    /// The area over sensitivities, as pROC's with focus "sensitivity": between the curve and specificity 0.
    public func partialArea(sensitivity range: ClosedRange<Double>) -> Inferred<PartialArea> {
        partialArea(over: range, width: range.upperBound - range.lowerBound) { point in
            (
                Double(point.truePositives) / Double(self.positives),
                Double(self.negatives - point.falsePositives) / Double(self.negatives)
            )
        }
    }

    /// The area over false positive rates up to `limit`, as scikit-learn's `max_fpr`, whose value is
    /// ``PartialArea/mcclish``; `bad-argument` unless 0 < limit ≤ 1.
    public func partialArea(falsePositiveRateUpTo limit: Double) -> Inferred<PartialArea> {
        guard limit > 0, limit <= 1 else { return .undefined(.badArgument) }
        // Over 1 − rate, from 1 − limit; the exact limit decides the width.
        return partialArea(over: (1 - limit)...1, width: limit) { point in
            (
                Double(self.negatives - point.falsePositives) / Double(self.negatives),
                Double(point.truePositives) / Double(self.positives)
            )
        }
    }

    /// - Parameter place: a point's position on the axis of the range, and its height over it.
    private func partialArea(
        over range: ClosedRange<Double>, width: Double, place: (Point) -> (position: Double, height: Double)
    ) -> Inferred<PartialArea> {
        if let missing { return .undefined(missing) }
        guard range.lowerBound >= 0, range.upperBound <= 1, width > 0 else { return .undefined(.badArgument) }
        var area = NeumaierSum()
        var previous = place(self[0])
        for index in 1..<count {
            let next = place(self[index])
            defer { previous = next }
            let (left, right) = previous.position < next.position ? (previous, next) : (next, previous)
            let from = max(left.position, range.lowerBound)
            let to = min(right.position, range.upperBound)
            guard from < to else { continue }
            let slope = (right.height - left.height) / (right.position - left.position)
            let (low, high) = (
                from == left.position ? left.height : left.height + slope * (from - left.position),
                to == right.position ? right.height : left.height + slope * (to - left.position)
            )
            area.add((to - from) * (low + high) / 2)
        }
        // Under the diagonal the height is one minus the position.
        let least = width * (1 - range.lowerBound + 1 - range.upperBound) / 2
        let raw = area.double
        return .value(PartialArea(raw: raw, mcclish: (1 + (raw - least) / (width - least)) / 2))
    }
}
