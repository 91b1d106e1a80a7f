import Foundation
import HTTPTypes
import Logging
import Messages
import StrictJSON
import Testing

@testable import Coordinator

@Suite("The OpenAPI document") struct OpenAPITests {
    let document: JSONValue
    let endpoints: [Endpoint]

    init() throws {
        document = try StrictJSON.parse(OpenAPIDocument.bytes)
        let folder = FileManager.default.temporaryDirectory.appending(path: "concordat-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let installation = try Installation.create(at: StateDirectory(folder), .init(name: "Test", host: "localhost"))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        endpoints = API(office: Office(installation: installation, surroundings: .system, logger: logger)).endpoints
    }

    /// Every operation of the document, by `METHOD path`.
    var operations: [String: JSONValue] {
        var operations: [String: JSONValue] = [:]
        for path in document["paths"]?.objectValue?.members ?? [] {
            for operation in path.value.objectValue?.members ?? [] {
                operations["\(operation.key.uppercased()) \(path.key)"] = operation.value
            }
        }
        return operations
    }

    @Test func `what is served is the document in docs, byte for byte`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/openapi.json")
        #expect(try Data(contentsOf: file) == OpenAPIDocument.bytes)
    }

    @Test func `the document lists exactly the routes that are served`() {
        let served = endpoints.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(served).count == served.count)
        #expect(Set(operations.keys) == Set(served))
    }

    @Test func `the document says of each route whom it lets in and whether it reads a body`() throws {
        let schemes: [Access: [JSONValue]] = [
            .anyone: [], .agent: [["agentCertificate": []]], .sponsor: [["session": []]], .reader: [["session": []]],
            .agentOrReader: [["agentCertificate": []], ["session": []]],
        ]
        for endpoint in endpoints {
            let operation = try #require(operations["\(endpoint.method.rawValue) \(endpoint.path)"])
            #expect(operation["security"]?.arrayValue == schemes[endpoint.access], "\(endpoint.path)")
            #expect((operation["requestBody"] != nil) == (endpoint.bodyLimit > 0), "\(endpoint.path)")
        }
    }

    @Test func `every parameter of a path is described`() throws {
        for endpoint in endpoints {
            let operation = try #require(operations["\(endpoint.method.rawValue) \(endpoint.path)"])
            let described = (operation["parameters"]?.arrayValue ?? []).compactMap { parameter -> String? in
                let target = parameter["$ref"]?.stringValue.flatMap { resolve($0) } ?? parameter
                return target["in"] == "path" ? target["name"]?.stringValue : nil
            }
            let inPath = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            #expect(Set(described) == Set(inPath), "\(endpoint.path)")
        }
    }

    @Test func `every reference leads somewhere`() {
        var references: [String] = []
        func collect(_ value: JSONValue) {
            if let reference = value["$ref"]?.stringValue { references.append(reference) }
            for member in value.objectValue?.members ?? [] { collect(member.value) }
            for item in value.arrayValue ?? [] { collect(item) }
        }
        collect(document)
        #expect(!references.isEmpty)
        for reference in references { #expect(resolve(reference) != nil, "\(reference)") }
    }

    @Test func `the problem codes of the document are codes of the program with that status`() throws {
        for (name, operation) in operations {
            for response in operation["responses"]?.objectValue?.members ?? []
            where response.value["content"]?[Problem.contentType] != nil {
                let codes = try #require(response.value["description"]?.stringValue).split(separator: ", ")
                    .map { ProblemCode(rawValue: $0.trimmingCharacters(in: ["`"])) }
                #expect(!codes.isEmpty)
                for code in codes { #expect(code.map { String($0.status) } == response.key, "\(name)") }
            }
        }
    }

    @Test func `the closed lists of the document are those of the program`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        #expect(schemas["JobStatusCode"]?["enum"]?.arrayValue == JobStatusCode.allCases.map { .string($0.rawValue) })
        #expect(schemas["RefusalCode"]?["enum"]?.arrayValue == RefusalCode.allCases.map { .string($0.rawValue) })
        #expect(schemas["FailureCode"]?["enum"]?.arrayValue == FailureCode.allCases.map { .string($0.rawValue) })
        let variants = try #require(schemas["JobStatus"]?["oneOf"]?.arrayValue)
        let declined = variants.first { $0["properties"]?["code"]?["const"] == "declined" }
        #expect(
            declined?["properties"]?["reason"]?["enum"]?.arrayValue
                == DeclineCode.allCases.map { .string($0.rawValue) })
        let reported = JobStatusCode.allCases.filter { $0.isReported && !$0.isTerminal }
        #expect(
            variants.first?["properties"]?["code"]?["enum"]?.arrayValue == reported.map { .string($0.rawValue) })
    }

    /// A reference inside the document, as a JSON pointer after `#`.
    private func resolve(_ reference: String) -> JSONValue? {
        JSONPointer(String(reference.dropFirst())).flatMap { document[$0] }
    }
}
