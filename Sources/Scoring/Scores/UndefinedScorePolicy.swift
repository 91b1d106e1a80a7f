public import Statistics

/// How a score that is undefined for a case counts in an average over cases: the protocol's choice.
///
/// Leaving such cases out rewards a model that predicts nothing: the mean HD95 of MONAI gets better when more structures
/// are missed, because their NaN is ignored, and seg-metrics counts a missed structure as 0 mm, a perfect distance.
public enum UndefinedScorePolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// An undefined score counts as the worst that is possible: 0 for a proportion, the length of the image's diagonal for
    /// a distance. Also where both masks are empty.
    case worstCase = "worst-case"
    /// Where both masks are empty it counts as the best, 1 or 0 mm; every other undefined score as the worst.
    case bestCaseWhenBothEmpty = "best-case-when-both-empty"
    /// It is left out. The average then says how many were, and by what reason: it speaks of the other cases only.
    case excluded

    /// What a score counts as; nil when it is left out.
    public func counted(_ score: Inferred<Double>, on scale: ScoreScale) -> Double? {
        switch (score, self) {
        case (.value(let value), _): value
        case (.undefined, .excluded): nil
        case (.undefined(.bothEmpty), .bestCaseWhenBothEmpty): scale.best
        case (.undefined, _): scale.worst
        }
    }
}
