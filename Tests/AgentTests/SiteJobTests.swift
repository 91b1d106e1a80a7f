import Evidence
import Foundation
import Messages
import Testing
import TextCatalogue

@testable import Agent

@Suite("Life of a job at a site")
struct SiteJobTests {
    private let digest = Digest(of: Data("job".utf8))

    private func job(_ events: SiteJob.Event...) throws -> SiteJob {
        var job = SiteJob(digest: digest)
        for event in events { try job.apply(event) }
        return job
    }

    private func state(
        _ state: SiteJob.State, reported: JobStatus? = nil, attempts: Int = 0, unfinishedStarts: Int = 0,
        deliveries: Int = 1
    ) -> SiteJob {
        SiteJob(
            digest: digest, state: state, reported: reported, attempts: attempts, unfinishedStarts: unfinishedStarts,
            deliveries: deliveries)
    }

    @Test("a job that nobody is asked about goes from received to released")
    func automatic() throws {
        let events: [SiteJob.Event] = [.verified, .jobApproved, .started, .gated, .releaseApproved, .sent(delivery: 1)]
        let states: [SiteJob.State] = [.verified, .approved, .running, .gated, .sending, .released]
        let actions: [SiteJob.LocalAction?] = [.askForJobApproval, .run, .run, .askForReleaseApproval, nil, nil]
        var job = SiteJob(digest: digest)
        #expect(job.localAction == .verify)
        try job.apply(.reported(.received))
        for ((event, expected), action) in zip(zip(events, states), actions) {
            try job.apply(event)
            #expect(
                job == state(expected, reported: .received, unfinishedStarts: expected == .running ? 1 : 0))
            #expect(job.localAction == action)
        }
    }

    @Test("where people are asked the job waits, and goes on or ends as they say")
    func manual() throws {
        let waiting = try job(.verified, .approvalRequired)
        #expect(waiting == state(.awaitingJobApproval))
        #expect(waiting.localAction == nil)
        var approved = waiting
        try approved.apply(.jobApproved)
        #expect(approved == state(.approved))
        var declined = waiting
        try declined.apply(.declined(.jobDeclined))
        #expect(declined == state(.declined(.jobDeclined)))

        let release = try job(.verified, .jobApproved, .started, .gated, .approvalRequired)
        #expect(release == state(.awaitingReleaseApproval))
        var kept = release
        try kept.apply(.declined(.releaseDeclined))
        #expect(kept == state(.declined(.releaseDeclined)))
    }

    @Test("the receipt is told first, then only what stands now, and a release speaks for itself")
    func remote() throws {
        #expect(state(.running).remoteAction == .report(.received))
        #expect(state(.received, reported: .received).remoteAction == nil)
        #expect(state(.running, reported: .received).remoteAction == .report(.running))
        #expect(state(.running, reported: .running).remoteAction == nil)
        #expect(state(.gated, reported: .running).remoteAction == nil)
        #expect(state(.sending, reported: .received).remoteAction == .send)
        #expect(state(.released, reported: .received).remoteAction == nil)
        #expect(state(.released, reported: .received).isFinished)
        let refused = state(.refused(.expired), reported: .received)
        #expect(refused.remoteAction == .report(.refused(.expired)))
        #expect(!refused.isFinished)
        #expect(state(.refused(.expired), reported: .refused(.expired)).isFinished)
    }

    @Test("a job that is delivered again is told of again, and its release is sent again without being computed")
    func again() throws {
        var released = state(.released, reported: .received)
        try released.apply(.deliveredAgain)
        #expect(released == state(.sending, deliveries: 2))
        #expect(released.localAction == nil)
        var onTheWay = state(.sending, reported: .received)
        try onTheWay.apply(.deliveredAgain)
        try onTheWay.apply(.reported(.received))
        try onTheWay.apply(.sent(delivery: 1))
        #expect(onTheWay == state(.sending, reported: .received, deliveries: 2))
        try onTheWay.apply(.sent(delivery: 2))
        #expect(onTheWay == state(.released, reported: .received, deliveries: 2))
        var refused = state(.refused(.notInvited), reported: .refused(.notInvited))
        try refused.apply(.deliveredAgain)
        #expect(refused == state(.refused(.notInvited), deliveries: 2))
        var running = state(.running, reported: .running)
        try running.apply(.deliveredAgain)
        #expect(running == state(.running, deliveries: 2))
    }

    @Test("attempts that may pass are counted, and the last one ends the job")
    func attempts() throws {
        var job = try job(.verified, .jobApproved, .started)
        for attempt in 1..<SiteJob.maximumAttempts {
            try job.apply(.attemptFailed(.modelUnavailable))
            #expect(job == state(.running, attempts: attempt))
            try job.apply(.started)
        }
        try job.apply(.attemptFailed(.modelUnavailable))
        #expect(job == state(.failed(.modelUnavailable), attempts: SiteJob.maximumAttempts))
    }

    @Test("starts that nothing more is known of are counted, and one too many ends the job")
    func unfinishedStarts() throws {
        var job = try job(.verified, .jobApproved)
        for start in 1...SiteJob.maximumUnfinishedStarts {
            try job.apply(.started)
            #expect(job == state(.running, unfinishedStarts: start))
        }
        try job.apply(.started)
        #expect(job.state == .failed(.internalError))
    }

    @Test("work that was given up in order, or that failed and said so, is no unfinished start")
    func finishedStarts() throws {
        var job = try job(.verified, .jobApproved)
        for _ in 0...SiteJob.maximumUnfinishedStarts {
            try job.apply(.started)
            try job.apply(.interrupted)
        }
        #expect(job == state(.running))
        try job.apply(.started)
        try job.apply(.attemptFailed(.modelUnavailable))
        #expect(job == state(.running, attempts: 1))
    }

    @Test("policy may decline a job until its release is gated, and what was sent is not declined")
    func policy() throws {
        for from: SiteJob.State in [.verified, .awaitingJobApproval, .approved, .running] {
            var job = state(from)
            try job.apply(.declined(.policy))
            #expect(job == state(.declined(.policy)))
        }
    }

    @Test("events that a state does not take change nothing")
    func invalid() throws {
        let cases: [(SiteJob.State, SiteJob.Event)] = [
            (.received, .gated), (.received, .jobApproved), (.released, .gated),
            (.declined(.jobDeclined), .jobApproved),
            (.refused(.expired), .verified), (.approved, .interrupted), (.failed(.internalError), .started),
            (.gated, .started),
            (.sending, .declined(.releaseDeclined)), (.running, .sent(delivery: 1)),
            (.awaitingReleaseApproval, .jobApproved),
        ]
        for (from, event) in cases {
            var job = state(from, reported: .received)
            #expect(throws: AgentError(.invalidTransition, .agentUnknownJob)) { try job.apply(event) }
            #expect(job == state(from, reported: .received))
        }
    }

    @Test("every state is stored under a name that leads back to it")
    func names() {
        let states: [SiteJob.State] =
            [
                .received, .verified, .awaitingJobApproval, .approved, .running, .gated, .awaitingReleaseApproval,
                .sending, .released,
            ] + RefusalCode.allCases.map { .refused($0) } + DeclineCode.allCases.map { .declined($0) }
            + FailureCode.allCases.map { .failed($0) }
        for state in states { #expect(SiteJob.State(name: state.name, reason: state.reason) == state) }
        #expect(SiteJob.State(name: "refused", reason: nil) == nil)
        #expect(SiteJob.State(name: "running", reason: "expired") == nil)
    }
}
