internal import Evidence
internal import GRDB
internal import Logging
internal import StudyProtocol

/// What every desk of the coordinator works with.
struct Office: Sendable {
    let installation: Installation
    let surroundings: Surroundings
    let bells: Bells
    let limiter: AttemptLimiter
    /// Of challenges every one counts, since whoever asks for them has proved nothing yet.
    let challengeLimiter: AttemptLimiter
    let uploads = UploadsUnderWay()
    let logger: Logger

    init(installation: Installation, surroundings: Surroundings, logger: Logger) {
        self.installation = installation
        self.surroundings = surroundings
        self.logger = logger
        bells = Bells()
        limiter = AttemptLimiter(perWindow: AttemptLimiter.failuresPerWindow)
        challengeLimiter = AttemptLimiter(perWindow: AttemptLimiter.challengesPerWindow)
    }

    var store: Store { installation.store }

    /// Seconds since 1970.
    var now: Int64 { surroundings.now().secondsSinceEpoch }
}
