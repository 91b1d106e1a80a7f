public import Foundation
import StrictJSON
import TextCatalogue

extension ModelManifest {
    /// Reads the bytes of a `model.json`. Every member must be known and well formed; all faults are told at once.
    /// - Throws: `ModelRuntimeError` `model-package-invalid` whose detail lists the faults with their JSON pointers.
    public static func read(_ bytes: Data) throws(ModelRuntimeError) -> ModelManifest {
        let faults = FaultList()
        var manifest: ModelManifest?
        do {
            let limits = StrictJSON.Limits(bytes: greatestSize, depth: 16, values: 10_000)
            let document = try StrictJSON.parse(bytes, limits: limits)
            manifest = ValueReader<ModelManifest>.manifest.read(document, .root, faults)
        } catch {
            throw ModelRuntimeError(.packageInvalid, detail: error.phrase.english)
        }
        guard let manifest, faults.isEmpty else {
            let detail = faults.faults.map(\.description).joined(separator: "; ")
            throw ModelRuntimeError(.packageInvalid, detail: detail)
        }
        return manifest
    }

    static let greatestRank = 7
    static let greatestCaseSize = 1 << 26

    /// Whether the name is one of a plain file: no folder, nothing hidden, nothing to be misread.
    static func isPlainFileName(_ name: String) -> Bool {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        return (1...100).contains(name.utf8.count) && name.first != "." && name.allSatisfy(allowed.contains)
    }
}

extension ValueReader where Value == ModelManifest {
    fileprivate static var manifest: Self {
        .object { reader in
            let schemaVersion = reader.required("schemaVersion", .choice(of: SchemaVersion.self))
            let name = reader.string("name", maximum: 200)
            let version = reader.string("version", maximum: 100)
            let intendedUse = reader.value("intendedUse")
            let task = reader.required("task", .choice(of: ModelManifest.Task.self))
            let sites = reader.required("trainingSites", .array(of: .string(maximum: 100), count: 0...1_000))
            let input = reader.required("input", .tensor(isOutput: false))
            let preprocessing = reader.required("preprocessing", .preprocessing)
            let output = reader.required("output", .tensor(isOutput: true))
            let points = reader.required("operatingPoints", .array(of: .operatingPoint, count: 0...20).unique(\.id))
            let files = reader.required("files", .array(of: .file, count: 1...32).unique(\.path))
            if let output, output.count != 1 {
                reader.fault("output", FaultCode.notAllowed, .modelShape("[1] is the shape of one probability"))
            }
            if let files, !files.contains(where: { $0.path == ModelManifest.modelFileName }) {
                reader.fault("files", FaultCode.notAllowed, .modelFileMissing)
            }
            if let input, case .segmentationConsensusPatch(let patch)? = preprocessing,
                input.count != patch.size.reduce(1, *)
            {
                reader.fault("input", FaultCode.notAllowed, .modelShape("it does not hold the patch's size"))
            }
            guard let schemaVersion, let name, let version, let intendedUse, let task, let sites, let input,
                let preprocessing, let output, let points, let files
            else { return nil }
            return ModelManifest(
                schemaVersion: schemaVersion.rawValue, name: name, version: version, intendedUse: intendedUse,
                task: task, trainingSites: sites, input: input, preprocessing: preprocessing, output: output,
                operatingPoints: points, files: files)
        }
    }
}

private enum SchemaVersion: String, CaseIterable { case first = "1.0" }
private enum ElementType: String, CaseIterable { case float32 }
private enum PreprocessingKind: String, CaseIterable {
    case segmentationConsensusPatch = "segmentation-consensus-patch"
}

extension ValueReader where Value == ModelManifest.Tensor {
    fileprivate static func tensor(isOutput: Bool) -> Self {
        .object { reader in
            let name = reader.string("name", maximum: 100)
            _ = reader.required("type", .choice(of: ElementType.self))
            let shape = reader.required("shape", .shape(rank: 1...ModelManifest.greatestRank))
            let meaning = isOutput ? reader.string("meaning") : nil
            guard let name, let shape else { return nil }
            return ModelManifest.Tensor(name: name, shape: shape, meaning: meaning)
        }
    }
}

extension ValueReader where Value == [Int] {
    fileprivate static func shape(rank: ClosedRange<Int>) -> Self {
        ValueReader.array(of: .integer(in: 1...ModelManifest.greatestCaseSize), count: rank)
            .then { shape, pointer, faults in
                var count = 1
                for dimension in shape {
                    let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
                    guard !overflow, product <= ModelManifest.greatestCaseSize else {
                        faults.add(pointer, FaultCode.outOfRange, .modelShape("too many values"))
                        return nil
                    }
                    count = product
                }
                return shape
            }
    }
}

extension ValueReader where Value == ModelManifest.Preprocessing {
    fileprivate static var preprocessing: Self {
        .object { reader in
            switch reader.required("kind", .choice(of: PreprocessingKind.self)) {
            case .segmentationConsensusPatch:
                let size = reader.required("size", .shape(rank: 2...2))
                let spacing = reader.required("spacing", .array(of: .decimal(in: 0.01...100), count: 2...2))
                let slice = reader.required("slice", .choice(of: ModelManifest.SegmentationConsensusPatch.Slice.self))
                let vote = reader.required("vote", .choice(of: ModelManifest.SegmentationConsensusPatch.Vote.self))
                guard let size, let spacing, let slice, let vote else { return nil }
                return .segmentationConsensusPatch(.init(size: size, spacing: spacing, slice: slice, vote: vote))
            case nil:
                for key in reader.keys { reader.ignore(key) }
                return nil
            }
        }
    }
}

extension ValueReader where Value == ModelManifest.OperatingPoint {
    fileprivate static var operatingPoint: Self {
        .object { reader in
            let id = reader.string("id", maximum: 100)
            let threshold = reader.required("threshold", .decimal(in: 0...1))
            guard let id, let threshold else { return nil }
            return ModelManifest.OperatingPoint(id: id, threshold: threshold)
        }
    }
}

extension ValueReader where Value == ModelManifest.File {
    fileprivate static var file: Self {
        .object { reader in
            let path = reader.required(
                "path",
                ValueReader<String>.string(maximum: 100).then { name, pointer, faults in
                    if ModelManifest.isPlainFileName(name), name != ModelManifest.fileName { return name }
                    faults.add(pointer, FaultCode.notAllowed, .modelFileName(name))
                    return nil
                })
            let size = reader.integer("size", in: 0...(1 << 40))
            let sha256 = reader.required(
                "sha256",
                ValueReader<String>.string(maximum: 64).then { text, pointer, faults in
                    if text.utf8.count == 64, text.allSatisfy(Set("0123456789abcdef").contains) { return text }
                    faults.add(pointer, FaultCode.notAllowed, .modelHex(text))
                    return nil
                })
            guard let path, let size, let sha256 else { return nil }
            return ModelManifest.File(path: path, size: size, sha256: sha256)
        }
    }
}

extension ValueReader where Value == String {
    /// A decimal without sign and exponent, kept as it is written.
    fileprivate static func decimal(in range: ClosedRange<Double>) -> Self {
        .string(maximum: 24).then { text, pointer, faults in
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let isDecimal =
                (1...2).contains(parts.count)
                && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(Set("0123456789").contains) }
            if isDecimal, let value = Double(text), range.contains(value) { return text }
            faults.add(pointer, FaultCode.notAllowed, .modelDecimal(text))
            return nil
        }
    }
}

extension ValueReader {
    /// The items must differ in one of their members.
    fileprivate func unique<Item>(_ key: @escaping (Item) -> String) -> Self where Value == [Item] {
        then { items, pointer, faults in
            var seen: Set<String> = []
            for (index, item) in items.enumerated() where !seen.insert(key(item)).inserted {
                faults.add(pointer.appending(index), FaultCode.notAllowed, .modelDuplicate(key(item)))
                return nil
            }
            return items
        }
    }
}
