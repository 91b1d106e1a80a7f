/// What one run of a model may use. Reaching a limit ends the run; it never harms the site.
public struct ModelLimits: Hashable, Sendable {
    /// Time from start to last score.
    public var wallClock: Duration
    /// Bytes of address space of the model's process: ONNX Runtime itself, the model, one case and all that is made
    /// of it. ONNX Runtime alone needs about 100 MiB.
    public var memory: UInt64

    public init(wallClock: Duration = .seconds(3_600), memory: UInt64 = 4 << 30) {
        self.wallClock = wallClock
        self.memory = memory
    }

    public static let standard = ModelLimits()

    /// Seconds of processor time. The process has one thread, so wall-clock time always ends it before; this limit
    /// holds even when the agent is gone.
    var processorSeconds: UInt64 { UInt64(max(1, wallClock.components.seconds)) + 5 }
}
