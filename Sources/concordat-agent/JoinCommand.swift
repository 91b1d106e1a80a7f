import Agent
import ArgumentParser
internal import Evidence
import Foundation
internal import Messages
import StrictJSON
import TextCatalogue

struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Enrol this site with a coordinator that invited it.")

    @OptionGroup var state: StateOption
    @Option(help: "The invitation's file, or - for standard input.", completion: .file()) var invitation: String
    @OptionGroup var output: FormatOption

    func run() async throws {
        let limit = Enrolment.invitationLimit
        guard let handle = invitation == "-" ? .standardInput : FileHandle(forReadingAtPath: invitation) else {
            throw AgentError(.invalidInvitation, .agentInvalidInvitation(.agentInvitationUnreadable))
        }
        // One byte more than allowed, so that a larger file is seen to be larger.
        let bytes = try handle.read(upToCount: limit + 1) ?? Data()
        var generator = SystemRandomNumberGenerator()
        let outcome = try await Enrolment.join(
            try Enrolment.invitation(bytes), state: state.directory, now: .now, using: &generator)
        let membership = outcome.membership
        switch output.format {
        case .json:
            let document: JSONValue = [
                "change": .string(outcome.change.rawValue),
                "site": .string(membership.site.rawValue),
                "coordinator": .string(membership.coordinator.name),
                "url": .string(membership.coordinator.url),
                "authorityFingerprint": .string(membership.coordinator.fingerprint),
                "jobKeyFingerprint": .string(outcome.jobKeyFingerprint),
                "signingKeyFingerprint": .string(outcome.signingKeyFingerprint),
            ]
            Terminal.print(document.prettyBytes)
        case .text:
            Terminal.print([
                headline(outcome),
                .agentCompareFingerprints,
                .agentFact(.agentSigningKeyLabel, outcome.signingKeyFingerprint),
                .agentFact(.agentJobKeyLabel, outcome.jobKeyFingerprint),
                .agentFact(.agentAuthorityLabel, membership.coordinator.fingerprint),
            ])
        }
    }

    private func headline(_ outcome: Enrolment.Outcome) -> Phrase {
        let (coordinator, site) = (outcome.membership.coordinator.name, outcome.membership.site.rawValue)
        return switch outcome.change {
        case .joined: .agentJoined(coordinator, site: site)
        case .joinedAgain: .agentJoinedAgain(coordinator, site: site)
        case .none: .agentNothingToJoin(coordinator, site: site)
        }
    }
}
