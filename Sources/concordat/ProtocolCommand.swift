import ArgumentParser
import Evidence
import Foundation
import Messages
import ModelRuntime
import StrictJSON
import StudyProtocol
import TextCatalogue
import Transport

struct ProtocolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocol", abstract: "Check, sign and submit study protocols.",
        subcommands: [Check.self, Sign.self, Submit.self])

    /// Parses a protocol document; its form and its references are sound, its expiry may have passed.
    static func parsed(_ document: JSONValue) throws -> StudyProtocol {
        switch StudyProtocol.parse(document) {
        case .failure(let faults): throw ProtocolFaults(faults.faults)
        case .success(let parsed): return parsed
        }
    }

    /// Parses a protocol document and checks that it can be run today.
    static func checked(_ document: JSONValue) throws -> StudyProtocol {
        let parsed = try parsed(document)
        let faults = parsed.check(now: Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)))
        guard faults.isEmpty else { throw ProtocolFaults(faults) }
        return parsed
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a protocol; every fault comes with where it is and what to write instead.")

        @Argument(help: "A protocol document (JSON).")
        var file: String
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() throws {
            let document = try StrictJSON.parse(FileAccess.read(file))
            do {
                let parsed = try ProtocolCommand.checked(document)
                switch format {
                case .text: Console.say(.protocolFine(parsed.name, parsed.plan.count))
                case .json: try Console.sayJSON([ProblemFault]())
                }
            } catch let faults as ProtocolFaults {
                switch format {
                case .text:
                    faults.complain()
                    Console.complain(.protocolFaulty(file, faults.faults.count))
                case .json: try Console.sayJSON(faults.problemFaults)
                }
                throw Ending.failed
            }
        }
    }

    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign a protocol as its sponsor. A signed protocol is never edited; a change is a new version.")

        @Argument(help: "A protocol document, or an envelope to which a further signature is added.")
        var file: String
        @Option(help: "The sponsor's private key.")
        var key: String
        @Option(help: "Where the envelope goes.")
        var out: String
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() throws {
            let signer = try SigningKey(file: key)
            let data = try FileAccess.read(file)
            let content = try StrictJSON.parse(data)
            var envelope: Envelope
            if content["payloadType"] != nil {
                envelope = try Envelope(data)
                // What one signs, one has read: the payload must be a sound protocol.
                _ = try ProtocolCommand.checked(try envelope.unverifiedStatement.predicate)
                try envelope.addSignature(of: signer)
            } else {
                _ = try ProtocolCommand.checked(content)
                envelope = try ProtocolStatement.make(document: content).signed(by: [signer])
            }
            try FileAccess.write(envelope.encoded, to: out)
            switch format {
            case .text: Console.complain(.protocolSigned(envelope.digest.description, out))
            case .json: try Console.sayJSON(["digest": envelope.digest.description, "envelope": out])
            }
        }
    }

    struct Submit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Submit a signed protocol, with its model package where the coordinator lacks it.")

        @Argument(help: "A signed protocol (envelope).")
        var file: String
        @Option(help: "The folder of the model package that the protocol names.")
        var model: String?
        @OptionGroup var access: CoordinatorAccess
        @Option(help: "Where the study's id goes, for scripts.")
        var studyFile: String?
        @Option(help: "text or json.")
        var format: OutputFormat = .text

        func run() async throws {
            let data = try FileAccess.read(file)
            let envelope = try Envelope(data)
            let study = try ProtocolCommand.checked(try envelope.unverifiedStatement.predicate)
            let coordinator = try await access.signIn()
            if let expected = study.model?.digest, let folder = model {
                try await Self.upload(folder, expected: expected, to: coordinator)
            }
            let status = try await coordinator.submitStudy(data)
            if let studyFile { try FileAccess.write(Data("\(status.summary.id)\n".utf8), to: studyFile) }
            switch format {
            case .text: Console.say(.studySubmitted(status.summary.id.description, status.sites.count))
            case .json: try Console.sayJSON(status)
            }
        }

        private static func upload(_ folder: String, expected: Digest, to coordinator: CoordinatorAPI) async throws {
            let package = try ModelPackage(folder: URL(fileURLWithPath: folder))
            guard package.digest == expected else {
                throw CommandError.modelDiffers(expected.description, package.digest.description)
            }
            let receipt = try await coordinator.submitModelManifest(
                FileAccess.read("\(folder)/\(ModelManifest.fileName)"))
            for file in package.manifest.files {
                let digest = try Digest(hex: file.sha256)
                guard receipt.missing.contains(digest) else { continue }
                try await coordinator.uploadModelFile(
                    FileAccess.read("\(folder)/\(file.path)", most: ModelPackage.Limits.standard.fileSize),
                    digest: digest, of: package.digest)
            }
        }
    }
}
