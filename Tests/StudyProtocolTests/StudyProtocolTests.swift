import Evidence
import Foundation
import Statistics
import StrictJSON
import StudyProtocol
import Testing
import TextCatalogue

@Suite("The shipped protocols")
struct StudyProtocolTests {
    @Test("Both have no fault", arguments: ["lidc-malignancy-external-validation", "lidc-cohort-description"])
    func good(_ name: String) throws {
        let document = try ExampleProtocols.load(name)
        switch StudyProtocol.validate(document, now: ExampleProtocols.now) {
        case .success(let study):
            #expect(study.identifier.rawValue == name)
            #expect(study.check(now: ExampleProtocols.now) == [])
            #expect(try StudyProtocol.parse(document).get() == study)
        case .failure(let error):
            Issue.record("\(error.faults)")
        }
    }

    @Test("The validation says what it says")
    func validation() throws {
        let study = try StudyProtocol.parse(ExampleProtocols.validation).get()
        #expect(study.name == "lidc-malignancy-external-validation@1.0.0")
        #expect(study.purpose == .regulatory)
        #expect(study.title.text(in: .chinese) == "肺结节恶性程度模型的跨设备厂商外部验证")
        #expect(try study.invitedSites == [SiteID("siemens"), SiteID("philips"), SiteID("toshiba")])
        #expect(try study.isTrainingSite(SiteID("ge")) && !study.invites(SiteID("ge")))
        #expect(study.cohort.unit == .lesion)
        #expect(study.cohort.reasons.map(\.rawValue) == ["reference-not-established"])
        #expect(study.referenceStandard?.positiveCode == 1)
        let evaluation = try #require(study.evaluation)
        #expect(evaluation.cluster == .patient)
        #expect(evaluation.operatingPoints.map(\.id.rawValue) == ["pre-specified"])
        for point in evaluation.operatingPoints {
            // The score's resolution is a millionth.
            #expect(Double(point.thresholdUnits) / 1_000_000 == Double(point.threshold.text))
        }
        #expect(evaluation.missing.modelFailed == .worstCase)
        let primary = try #require(study.endpoints.first)
        #expect(primary.weights == .pairs && primary.variance == .obuchowski)
        #expect(primary.hypothesis?.bound == 0.75 && primary.hypothesis?.oneSidedAlpha == 0.025)
        #expect(primary.interval?.method == .waldLogit && primary.interval?.level == 0.95)
        #expect(study.disclosure.minimumCell == 10)
        #expect(study.expires.description == "2027-12-31T00:00:00Z")
    }

    @Test("The plan names every answer once, in the order of the design")
    func plan() throws {
        let study = try StudyProtocol.parse(ExampleProtocols.validation).get()
        #expect(
            study.plan.map(\.key.description) == [
                "flow", "diameter", "diameter-by-reference", "manufacturer-by-reference", "roc", "score-steps",
                "confusion:pre-specified",
                "roc[diameter=[0,9)]", "confusion:pre-specified[diameter=[0,9)]",
                "roc[diameter=[9,100]]", "confusion:pre-specified[diameter=[9,100]]",
                "roc[sliceThickness=[0,1.5)]", "confusion:pre-specified[sliceThickness=[0,1.5)]",
                "roc[sliceThickness=[1.5,10]]", "confusion:pre-specified[sliceThickness=[1.5,10]]",
            ])
        #expect(Set(study.plan.map(\.key)).count == study.plan.count)
        #expect(study.plan.allSatisfy { $0.key.subgroup == $0.part?.subgroup })
        let cohort = try StudyProtocol.parse(ExampleProtocols.cohort).get()
        #expect(cohort.plan.first?.what == .flow)
        #expect(cohort.plan.count == 1 + cohort.statistics.count)
    }

    @Test("Subgroups of a category are its levels")
    func categorySubgroups() throws {
        let document = try ExampleProtocols.validation
            .setting("/evaluation/subgroups", [["variable": "manufacturer"]])
        let study = try StudyProtocol.validate(document, now: nil).get()
        let levels = try #require(study.evaluation?.subgroups.first?.levels)
        #expect(levels.map(\.subgroup.level) == ["GE", "Siemens", "Philips", "Toshiba"])
        #expect(levels[1].contains(code: 1) && !levels[1].contains(code: 0))
        #expect(!levels[0].contains(code: Coded.missing))
    }

    @Test("Bins hold their lower edge, the last one also its upper edge, and nothing else")
    func bins() throws {
        let study = try StudyProtocol.parse(ExampleProtocols.validation).get()
        let levels = try #require(study.evaluation?.subgroups.first?.levels)
        func bin(_ code: Int64) -> [Bool] { levels.map { $0.contains(code: code) } }
        #expect(bin(0) == [true, false])
        #expect(bin(899) == [true, false])
        #expect(bin(900) == [false, true])
        #expect(bin(10_000) == [false, true])
        #expect(bin(10_001) == [false, false])
        #expect(bin(-1) == [false, false])
        #expect(bin(Coded.missing) == [false, false])
        #expect(bin(Coded.outOfRange) == [false, false])
    }

    @Test("A case is excluded by the first criterion that fails it, and one without a value never meets a bound")
    func exclusion() throws {
        let study = try StudyProtocol.parse(
            ExampleProtocols.validation.setting("/cohort/include/0/reason", "too-few-readers")
        ).get()
        func reason(readers: Int64, malignant: Int64) -> String? {
            study.cohort.exclusion { $0.rawValue == "readers" ? readers : malignant }?.rawValue
        }
        #expect(reason(readers: 3, malignant: 1) == nil)
        #expect(reason(readers: 2, malignant: 1) == "too-few-readers")
        #expect(reason(readers: 2, malignant: Coded.missing) == "too-few-readers")
        #expect(reason(readers: Coded.missing, malignant: 1) == "too-few-readers")
        #expect(reason(readers: 4, malignant: Coded.missing) == "reference-not-established")
        #expect(reason(readers: 4, malignant: Coded.malformed) == "reference-not-established")
    }

    @Test("Conditions speak of codes")
    func conditions() {
        #expect(Criterion.Condition.atMost(5).holds(for: 5) && !Criterion.Condition.atMost(5).holds(for: 6))
        #expect(!Criterion.Condition.atMost(5).holds(for: Coded.malformed))
        #expect(Criterion.Condition.equals(2).holds(for: 2) && !Criterion.Condition.equals(2).holds(for: 1))
        #expect(Criterion.Condition.oneOf([1, 3]).holds(for: 3) && !Criterion.Condition.oneOf([1, 3]).holds(for: 2))
        #expect(Criterion.Condition.missing(false).holds(for: 0))
        #expect(!Criterion.Condition.missing(false).holds(for: Coded.outOfRange))
    }

    @Test("What is left out has a stated default")
    func defaults() throws {
        let document = try ExampleProtocols.validation
            .setting("/purpose", nil).setting("/synthesis", nil).setting("/disclosure", nil).setting("/ethics", nil)
            .setting("/evaluation/task", nil).setting("/evaluation/scoreResolution", nil)
            .setting("/evaluation/subgroups", nil).setting("/endpoints/0/weights", nil)
            .setting("/endpoints/1/weights", nil)
        let study = try StudyProtocol.validate(document, now: nil).get()
        #expect(study.purpose == .research)
        #expect(study.synthesis.transform == .logit && study.synthesis.leaveOneOut)
        #expect(study.disclosure.minimumCell == 10)
        #expect(study.evaluation?.task == .classification)
        #expect(study.evaluation?.scoreResolution.text == "0.000001")
        #expect(study.evaluation?.subgroups == [])
        #expect(study.endpoints[0].weights == .pairs)
        #expect(study.endpoints[1].weights == .cases)
        #expect(study.endpoints[3].weights == nil)
    }

    @Test("A default that is written badly is a fault, not the default")
    func badDefaults() throws {
        for pointer in ["/purpose", "/synthesis", "/disclosure", "/evaluation/task", "/evaluation/scoreResolution"] {
            let document = try ExampleProtocols.validation.setting(pointer, .null)
            guard case .failure(let error) = StudyProtocol.parse(document) else {
                Issue.record("null at \(pointer) was accepted")
                continue
            }
            #expect(error.faults.map(\.pointer.description) == [pointer])
        }
    }

    @Test("Patients as cases need no cluster, and may use the variances of independent cases")
    func independentCases() throws {
        let document = try ExampleProtocols.validation
            .setting("/cohort/unit", "patient").setting("/evaluation/cluster", nil)
            .setting("/endpoints/0/variance", "delong")
            .setting("/endpoints/1/variance", "binomial").setting("/endpoints/1/interval/method", "wilson")
        let study = try StudyProtocol.validate(document, now: nil).get()
        #expect(study.evaluation?.cluster == nil)
    }

    @Test("Several primary endpoints with a family and a rule are fine")
    func coPrimary() throws {
        let second: JSONValue = [
            "id": "second", "role": "primary", "metric": "specificity", "operatingPoint": "pre-specified",
            "estimator": "stratified", "variance": "cluster",
            "hypothesis": ["kind": "non-inferiority", "goal": 0.6, "margin": 0.1, "alpha": 0.05, "sides": 2],
            "interval": ["method": "wilson-effective-size", "level": 0.95],
        ]
        let document = try ExampleProtocols.validation.setting("/endpoints/-", second)
            .setting("/multiplicity", ["family": ["primary", "second"], "rule": "fixed-sequence"])
        let study = try StudyProtocol.validate(document, now: nil).get()
        #expect(study.endpoint(EndpointID(rawValue: "second")!)?.hypothesis?.bound == 0.5)
    }

    @Test("The committed protocol names the committed model, its version and its operating points")
    func model() throws {
        let file = ExampleProtocols.root.appending(path: "models/nodule-mask-patch/model.json")
        let bytes = try Data(contentsOf: file)
        let manifest = try StrictJSON.parse(bytes)
        let study = try StudyProtocol.parse(ExampleProtocols.validation).get()
        let model = try #require(study.model)
        #expect(model.digest == Digest(of: bytes))
        #expect(model.name == manifest["name"]?.stringValue)
        #expect(model.version == manifest["version"]?.stringValue)
        let trainingSites = manifest["trainingSites"]?.arrayValue?.compactMap(\.stringValue)
        #expect(model.trainingSites.map(\.rawValue) == trainingSites)
        let points = try #require(manifest["operatingPoints"]?.arrayValue)
        let evaluation = try #require(study.evaluation)
        for point in evaluation.operatingPoints {
            let declared = points.first { $0["id"]?.stringValue == point.id.rawValue }
            #expect(declared?["threshold"]?.stringValue == point.threshold.text)
        }
    }
}
