import Foundation
import Glibc
import Testing

@testable import ModelRuntime

/// Hostile code in the model's process, tried attack by attack. Each one succeeds outside the sandbox, so that its
/// failure inside means something.
@Suite struct SandboxTests {
    /// How far the hostile process is confined when it attacks. The model runs at the last stage only; the others show
    /// which wall holds what.
    enum Stage: String, CaseIterable, Comparable {
        /// Not at all: an ordinary process of the agent's user.
        case outside
        /// In the sandbox.
        case bare
        /// And with the limits that the model host puts on itself.
        case limited
        /// And with its system-call filter.
        case confined

        static func < (left: Stage, right: Stage) -> Bool {
            allCases.firstIndex(of: left).map { first in allCases.firstIndex(of: right).map { first < $0 } == true }
                == true
        }
    }

    struct Attack: CustomTestStringConvertible {
        let name: String
        var argument = ""
        /// From here on it fails.
        let stoppedBy: Stage

        var testDescription: String { argument.isEmpty ? name : "\(name) \(argument)" }
    }

    static let attacks: [Attack] = [
        Attack(name: "read-file", argument: "/etc/passwd", stoppedBy: .bare),
        Attack(name: "read-file", argument: "/proc/self/environ", stoppedBy: .bare),
        Attack(name: "read-file", argument: "/sys/kernel/uevent_seqnum", stoppedBy: .bare),
        Attack(name: "read-file", argument: "/dev/zero", stoppedBy: .bare),
        Attack(name: "open-socket", stoppedBy: .confined),
        Attack(name: "start-process", stoppedBy: .limited),
        Attack(name: "start-thread", stoppedBy: .limited),
        Attack(name: "execute", argument: "/bin/true", stoppedBy: .bare),
        Attack(name: "fill-memory-file", stoppedBy: .limited),
        Attack(name: "share-memory", stoppedBy: .confined),
        Attack(name: "allocate", argument: "8192", stoppedBy: .bare),
        Attack(name: "make-code", stoppedBy: .confined),
        Attack(name: "turn-data-into-code", stoppedBy: .confined),
        Attack(name: "see-environment", stoppedBy: .bare),
        Attack(name: "open-descriptor", stoppedBy: .confined),
    ]

    @Test(arguments: attacks)
    func anAttackFailsFromItsWallOn(attack: Attack) async throws {
        try await check(attack)
    }

    @Test func theSitesFilesCannotBeReadOrWritten() async throws {
        let file = try TemporaryFile()
        try await check(Attack(name: "read-file", argument: file.path, stoppedBy: .bare))
        try await check(Attack(name: "write-file", argument: file.path, stoppedBy: .bare))
    }

    @Test(arguments: ["/tmp", "/dev/shm", "/var/tmp"])
    func nothingCanBeFilled(folder: String) async throws {
        let path = "\(folder)/concordat-probe-\(UUID().uuidString)"
        defer { unlink(path) }
        try await check(Attack(name: "write-file", argument: path, stoppedBy: .bare))
    }

    @Test(arguments: ["/probe", "/program", "/lib/probe", "/libonnxruntime.so"])
    func theSandboxsOwnRootIsReadOnly(path: String) async throws {
        for stage in Stage.allCases where stage >= .bare {
            let result = try await Probe.run(Attack(name: "write-file", argument: path, stoppedBy: .bare), stage)
            #expect(result == .failed, "\(stage)")
        }
    }

    @Test func theAgentCannotBeReached() async throws {
        let listener = try LoopbackListener()
        try await check(Attack(name: "connect-loopback", argument: "\(listener.port)", stoppedBy: .bare))
        try await check(Attack(name: "connect-abstract", argument: listener.abstractName, stoppedBy: .bare))
        try await check(Attack(name: "signal-process", argument: "\(getpid())", stoppedBy: .bare))
    }

    @Test func anotherProgramCannotBeStartedOnceConfined() async throws {
        // The only programs in there are the host itself and the loader.
        let result = try await Probe.run(Attack(name: "execute", argument: "/program", stoppedBy: .confined), .bare)
        #expect(result == .succeeded)
        let confined = try await Probe.run(
            Attack(name: "execute", argument: "/program", stoppedBy: .confined), .confined)
        #expect(confined == .killedForTheCall)
    }

    @Test(arguments: ["make-namespace", "trace", "open-socket", "start-process", "fill-memory-file"])
    func whatOnlyAnAttackWouldCallFailsOnceConfined(name: String) async throws {
        let attack = Attack(name: name, argument: "1", stoppedBy: .confined)
        let result = try await Probe.run(attack, .confined)
        #expect(result == .killedForTheCall || result == .failed)
    }

    @Test func noDescriptorOfTheAgentIsInherited() async throws {
        // Without close-on-exec, as a careless library opens it.
        let careless = open("/etc/passwd", O_RDONLY)
        defer { close(careless) }
        for stage in Stage.allCases where stage >= .bare {
            let result = try await Probe.run(Attack(name: "find-descriptor", stoppedBy: .bare), stage)
            #expect(result == .failed, "\(stage)")
        }
    }

    @Test func outputWithoutBoundEndsTheProcess() async throws {
        let outcome = try await Probe.sandbox.get().run(
            arguments: ["flood", "confined"], input: [], limits: Runtime.limits, outputLimit: 1_000)
        #expect(outcome.ending == .wroteTooMuch)
        #expect(outcome.output.count < 1 << 20)
    }

    @Test func computingWithoutBoundEndsAtTheTimeLimit() async throws {
        let outcome = try await Probe.sandbox.get().run(
            arguments: ["spin", "confined"], input: [],
            limits: ModelLimits(wallClock: .seconds(3), memory: 1 << 30), outputLimit: 1_000)
        #expect(outcome.ending == .timedOut)
        #expect(String(decoding: outcome.output, as: UTF8.self) == "spinning\n")
    }

    @Test func theRealUserIsUnprivilegedEvenWhenTheAgentIsRoot() async throws {
        let sandbox = try Probe.sandbox.get()
        let token = "\(UUID())"
        let task = Task {
            try await sandbox.run(
                arguments: ["spin", "confined", token], input: [], limits: Runtime.limits, outputLimit: 1_000)
        }
        // Every process that runs on behalf of the sandbox, bubblewrap included, as the kernel sees it from outside.
        var owners: [uid_t] = []
        while !owners.contains(where: { _ in owners.count >= 2 }) {
            owners = Self.ownersOfProcesses(with: token)
            await Task.yield()
        }
        task.cancel()
        #expect(try await task.value.ending == .cancelled)
        let expected = geteuid() == 0 ? 65_534 : geteuid()
        #expect(owners.allSatisfy { $0 == expected })
        #expect(Self.ownersOfProcesses(with: token).isEmpty, "a process outlived its run")
    }

    private static func ownersOfProcesses(with argument: String) -> [uid_t] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { process -> uid_t? in
            guard Int(process) != nil,
                let line = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
                line.contains(argument), !line.contains("--list"),
                let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
                let owner = status.split(separator: "\n").first(where: { $0.hasPrefix("Uid:") })
            else { return nil }
            return owner.split(separator: "\t").dropFirst().first.flatMap { uid_t($0) }
        }
    }

    private func check(_ attack: Attack, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for stage in Stage.allCases {
            let result = try await Probe.run(attack, stage)
            if stage < attack.stoppedBy {
                #expect(result == .succeeded, "\(attack.name) at \(stage)", sourceLocation: sourceLocation)
            } else {
                #expect(
                    result == .failed || result == .killedForTheCall, "\(attack.name) at \(stage)",
                    sourceLocation: sourceLocation)
            }
        }
    }
}
