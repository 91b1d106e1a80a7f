/// Counts the work that is left. A step is about one pivot of the simplex method, or one search for a path: the same
/// input takes the same steps on every machine, where seconds would not.
final class StepCounter {
    private(set) var left: Int

    init(_ steps: Int) { left = steps }

    var isSpent: Bool { left <= 0 }

    func spend(_ steps: Int) { left -= steps }

    /// A counter of its own for a part of the work; what the part used is spent here by `close`.
    func share(_ steps: Int) -> StepCounter { StepCounter(max(0, min(steps, left))) }

    func close(_ part: StepCounter, of steps: Int) { left -= max(0, min(steps, left)) - part.left }
}
