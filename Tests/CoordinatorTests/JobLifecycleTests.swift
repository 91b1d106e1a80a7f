import Messages
import Testing

@testable import Coordinator

@Suite("The life of a job") struct JobLifecycleTests {
    static let live: [JobStatus] = [.queued, .received, .awaitingJobApproval, .running, .awaitingReleaseApproval]
    static let ends: [JobStatus] = [.released, .refused(.expired), .declined(.policy), .failed(.modelFailed)]

    @Test func `each step forward is recorded, also when steps between were lost`() {
        for (index, status) in Self.live.enumerated() {
            for later in Self.live.dropFirst(index + 1) {
                var job = JobLifecycle(status)
                #expect(job.report(later) == .record(later))
                #expect(job.status == later)
            }
        }
    }

    @Test func `a repeated or overtaken report changes nothing`() {
        for (index, status) in Self.live.enumerated() {
            for earlier in Self.live[1...].prefix(index) {
                var job = JobLifecycle(status)
                #expect(job.report(earlier) == .ignore)
                #expect(job.status == status)
            }
        }
    }

    @Test func `a live job may end in any way, and a release ends it too`() {
        for status in Self.live {
            for end in Self.ends.dropFirst() {
                var job = JobLifecycle(status)
                #expect(job.report(end) == .record(end))
            }
            var job = JobLifecycle(status)
            #expect(job.release() == .record(.released))
        }
    }

    @Test func `nobody reports queued or released`() {
        for status in Self.live {
            var job = JobLifecycle(status)
            #expect(job.report(.queued) == .refuse(.notReported))
            #expect(job.report(.released) == .refuse(.notReported))
            #expect(job.status == status)
        }
    }

    @Test func `an ended job stays as it ended`() {
        for end in Self.ends {
            for other in Self.ends.dropFirst() where other != end {
                var job = JobLifecycle(end)
                #expect(job.report(other) == .refuse(.ended))
                #expect(job.status == end)
            }
            var repeated = JobLifecycle(end)
            #expect(repeated.report(end) == .ignore)
            var released = JobLifecycle(end)
            #expect(released.release() == .refuse(.ended))
        }
    }

    @Test func `a late progress report after the release is ignored, after a failure refused`() {
        var released = JobLifecycle(.released)
        #expect(released.report(.running) == .ignore)
        var failed = JobLifecycle(.failed(.internalError))
        #expect(failed.report(.running) == .refuse(.ended))
    }

    @Test func `a live job goes back into the queue when its site joins again, an ended one does not`() {
        for status in Self.live.dropFirst() {
            var job = JobLifecycle(status)
            #expect(job.requeue() == .record(.queued))
        }
        for status in Self.ends + [.queued] {
            var job = JobLifecycle(status)
            #expect(job.requeue() == .ignore)
            #expect(job.status == status)
        }
    }

    @Test func `a live job fails when its time is over, an ended one stays as it ended`() {
        for status in Self.live {
            var job = JobLifecycle(status)
            #expect(job.expire() == .record(.failed(.expired)))
        }
        for end in Self.ends {
            var job = JobLifecycle(end)
            #expect(job.expire() == .ignore)
            #expect(job.status == end)
        }
    }

    @Test func `the same end with another reason is refused`() {
        var job = JobLifecycle(.failed(.modelFailed))
        #expect(job.report(.failed(.internalError)) == .refuse(.ended))
    }
}
