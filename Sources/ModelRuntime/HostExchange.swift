import CConfinement
import Foundation

/// What the model host is asked, in the form of `ModelHostExchange.h`.
enum HostRequest {
    static func bytes(for package: ModelPackage, caseCount: Int) -> [UInt8] {
        let manifest = package.manifest
        var request = concordat_host_request()
        request.magic = CONCORDAT_HOST_REQUEST
        request.model_size = UInt64(package.model.count)
        request.case_count = UInt64(caseCount)
        request.rank = UInt64(manifest.input.shape.count)
        let dimensions = manifest.input.shape.map { Int64($0) }
        withUnsafeMutableBytes(of: &request.dimensions) { place in
            dimensions.withUnsafeBytes {
                place.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(place.count)))
            }
        }
        withUnsafeMutableBytes(of: &request.input_name) { copy(manifest.input.name, to: $0) }
        withUnsafeMutableBytes(of: &request.output_name) { copy(manifest.output.name, to: $0) }
        return withUnsafeBytes(of: request) { Array($0) }
    }

    /// The manifest's reader keeps names within 100 bytes, so the NUL that ends them always fits.
    private static func copy(_ name: String, to place: UnsafeMutableRawBufferPointer) {
        place.copyBytes(from: Array(name.utf8).prefix(place.count - 1))
    }
}

/// What came back from the model host. Hostile code may have written any of it.
enum HostAnswer {
    private static let markSize = MemoryLayout<concordat_host_mark>.size
    private static let verdictSize = MemoryLayout<concordat_host_verdict>.size
    private static let scoreSize = MemoryLayout<concordat_host_score>.size

    /// Bytes of a whole answer.
    static func size(caseCount: Int) -> Int { 2 * markSize + verdictSize + caseCount * scoreSize }

    /// The scores of a run, or why there are none.
    static func scores(
        from outcome: ConfinedProcess.Outcome, caseCount: Int
    ) throws(ModelRuntimeError) -> [CaseScore] {
        let output = outcome.output
        switch outcome.ending {
        case .timedOut: throw ModelRuntimeError(.timeout)
        case .wroteTooMuch: throw ModelRuntimeError(.outputInvalid, detail: "more than was asked for")
        case .cancelled, .exited: break
        }
        guard output.count >= markSize, load(UInt64.self, output, 0) == CONCORDAT_HOST_GREETING else {
            throw ModelRuntimeError(.sandboxUnavailable, detail: "\(outcome.ending): \(outcome.diagnostics)")
        }
        if output.count >= markSize + verdictSize {
            try check(verdict: load(UInt32.self, output, markSize), outcome.diagnostics)
        }
        guard outcome.ending == .exited(0) else { throw failure(outcome) }
        let end = size(caseCount: caseCount) - markSize
        guard output.count == end + markSize, load(UInt64.self, output, end) == CONCORDAT_HOST_FAREWELL else {
            throw ModelRuntimeError(.outputInvalid, detail: "\(output.count) bytes for \(caseCount) cases")
        }
        return (0..<caseCount).map { index in
            let place = markSize + verdictSize + index * scoreSize
            let status = load(UInt32.self, output, place)
            let value = Float(bitPattern: load(UInt32.self, output, place + MemoryLayout<UInt32>.size))
            return score(status: status, value: value)
        }
    }

    private static func score(status: UInt32, value: Float) -> CaseScore {
        switch Int(status) {
        case CONCORDAT_HOST_DONE where !value.isFinite: .failed(.scoreNotFinite)
        case CONCORDAT_HOST_DONE where !(0...1).contains(value): .failed(.scoreOutOfRange)
        // -0 and 0 are one score.
        case CONCORDAT_HOST_DONE: .score(value == 0 ? 0 : value)
        case CONCORDAT_HOST_WRONG_SHAPE: .failed(.outputShape)
        case CONCORDAT_HOST_NO_MEMORY: .failed(.memory)
        default: .failed(.runFailed)
        }
    }

    private static func check(verdict: UInt32, _ diagnostics: String) throws(ModelRuntimeError) {
        switch Int(verdict) {
        case CONCORDAT_HOST_DONE: break
        case CONCORDAT_HOST_WRONG_SHAPE: throw ModelRuntimeError(.interfaceMismatch, detail: diagnostics)
        case CONCORDAT_HOST_NO_MEMORY: throw ModelRuntimeError(.memory, detail: diagnostics)
        default: throw ModelRuntimeError(.loadFailed, detail: diagnostics)
        }
    }

    private static func failure(_ outcome: ConfinedProcess.Outcome) -> ModelRuntimeError {
        let forbiddenCall = 128 + 31  // SIGSYS
        guard case .exited(let status) = outcome.ending else { return ModelRuntimeError(.crashed) }
        let reason: ModelRuntimeError.Reason = status == forbiddenCall ? .forbiddenCall : .crashed
        return ModelRuntimeError(reason, detail: "exit status \(status): \(outcome.diagnostics)")
    }

    private static func load<T: FixedWidthInteger>(_ type: T.Type, _ bytes: [UInt8], _ offset: Int) -> T {
        bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
}
