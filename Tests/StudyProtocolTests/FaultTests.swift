import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

/// One way to spoil a good protocol, and what must be said of it.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let title: String
    /// Pointer and new value; nil removes the member.
    let edits: [(String, JSONValue?)]
    /// `code` and pointer of every fault, in order.
    let expected: [(String, String)]

    init(_ title: String, _ edits: [(String, JSONValue?)], _ expected: [(String, String)]) {
        self.title = title
        self.edits = edits
        self.expected = expected
    }

    var testDescription: String { title }

    var document: JSONValue {
        get throws {
            try edits.reduce(ExampleProtocols.validation) {
                $0.setting($1.0, $1.1)
            }
        }
    }
}

@Suite("Every fault is found, placed and named")
struct FaultTests {
    @Test(
        "A spoiled protocol has exactly the faults that were put in",
        arguments: FaultCase.form + FaultCase.meaning + FaultCase.noise)
    func spoiled(_ faultCase: FaultCase) throws {
        guard case .failure(let error) = StudyProtocol.validate(try faultCase.document, now: ExampleProtocols.now)
        else {
            Issue.record("the protocol was accepted")
            return
        }
        let found = error.faults.map { "\($0.code) \($0.pointer)" }
        #expect(found == faultCase.expected.map { "\($0.0) \($0.1)" })
        for fault in error.faults {
            #expect(!fault.phrase.text(in: .english).isEmpty)
            #expect(fault.phrase.text(in: .chinese) != fault.phrase.text(in: .english))
        }
    }

    @Test("Every code of a fault is shown by a case")
    func complete() {
        let shown = Set((FaultCase.form + FaultCase.meaning + FaultCase.noise).flatMap { $0.expected.map(\.0) })
        let missing = ProtocolFaultCode.allCases.map(\.rawValue).filter { !shown.contains($0) }
        #expect(missing == [])
    }

    @Test("Faults of form do not hide faults of meaning")
    func together() throws {
        let document = try ExampleProtocols.validation
            .setting("/cohort/unit", "nodule")
            .setting("/sites/invited/-", "ge")
            .setting("/endpoints/0/variance", "delong")
        guard case .failure(let error) = StudyProtocol.validate(document, now: nil) else {
            Issue.record("the protocol was accepted")
            return
        }
        #expect(
            error.faults.map(\.code)
                == ["json-not-allowed", "training-site-invited", "clustered-variance-required"])
    }

    @Test("A protocol that invites its training site is refused at that very place")
    func trainingSite() throws {
        let document = try ExampleProtocols.validation.setting("/sites/invited/-", "ge")
        let study = try StudyProtocol.parse(document).get()
        let faults = study.check(now: ExampleProtocols.now)
        #expect(faults.map(\.code) == ["training-site-invited"])
        #expect(faults.map(\.pointer.description) == ["/sites/invited/3"])
        #expect(faults.first?.phrase.english.contains("\"ge\"") == true)
    }

    @Test("An unknown key names the nearest known one")
    func nearestKey() throws {
        let document = try ExampleProtocols.validation.setting("/evaluation/subgroup", [])
        guard case .failure(let error) = StudyProtocol.parse(document) else {
            Issue.record("the protocol was accepted")
            return
        }
        #expect(error.faults.map(\.pointer.description) == ["/evaluation/subgroup"])
        #expect(error.faults[0].phrase.english.contains("\"subgroups\""))
    }

    @Test("An unknown variable names the nearest declared one")
    func nearestVariable() throws {
        let document = try ExampleProtocols.validation.setting("/statistics/0/variable", "diametre")
        guard case .failure(let error) = StudyProtocol.parse(document) else {
            Issue.record("the protocol was accepted")
            return
        }
        #expect(error.faults[0].phrase.english.contains("\"diameter\""))
    }

    @Test("A fault in a declaration is told once, not again wherever the variable is named")
    func noFollowUps() throws {
        let document = try ExampleProtocols.validation.setting("/variables/0/unit", nil)
        guard case .failure(let error) = StudyProtocol.validate(document, now: nil) else {
            Issue.record("the protocol was accepted")
            return
        }
        #expect(error.faults.map { "\($0.code) \($0.pointer)" } == ["json-missing /variables/0"])
    }

    @Test("What is not an object has one fault")
    func notAnObject() {
        for document in [JSONValue.null, [], "protocol", 1] {
            guard case .failure(let error) = StudyProtocol.validate(document, now: nil) else {
                Issue.record("the protocol was accepted")
                continue
            }
            #expect(error.faults.map(\.code) == ["json-wrong-type"])
        }
    }

    @Test(
        "Null in any place is a fault at that place",
        arguments: ["lidc-malignancy-external-validation", "lidc-cohort-description"])
    func nullAnywhere(_ name: String) throws {
        let document = try ExampleProtocols.load(name)
        for pointer in document.places() {
            guard case .failure(let error) = StudyProtocol.validate(document.setting(pointer, .null), now: nil) else {
                Issue.record("null at \(pointer) was accepted")
                continue
            }
            let parent = pointer.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            #expect(
                error.faults.contains { fault in
                    let place = fault.pointer.description
                    return place == parent || place.hasPrefix(pointer)
                }, "\(pointer): \(error.faults)")
        }
    }

    @Test("A flood of faults is cut off")
    func flood() throws {
        let statistics: [JSONValue] = (0..<200).map {
            ["id": .string("s\($0)"), "kind": "table", "axes": ["unknown-a", "unknown-b", "unknown-c"]]
        }
        let document = try ExampleProtocols.validation.setting("/statistics", .array(statistics))
        guard case .failure(let error) = StudyProtocol.validate(document, now: nil) else {
            Issue.record("the protocol was accepted")
            return
        }
        #expect(error.faults.count == 200)
    }
}
