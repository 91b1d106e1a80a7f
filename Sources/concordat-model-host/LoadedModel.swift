import CConfinement
import COnnxRuntime
import Glibc

/// A model whose one input and output are what was declared.
struct LoadedModel {
    let session: OpaquePointer
    let request: concordat_host_request
    let shape: CaseShape

    /// Reads the model's bytes from standard input and loads them.
    static func load(
        _ request: concordat_host_request, _ shape: CaseShape, _ runtime: OpaquePointer,
        _ session: inout OpaquePointer?, _ message: inout concordat_ort_message
    ) -> concordat_ort_status {
        // malloc, not an array: memory that is not there must be an answer, not a crash.
        guard let size = Int(exactly: request.model_size), let bytes = malloc(max(1, size)) else {
            return CONCORDAT_ORT_MEMORY
        }
        defer { free(bytes) }
        guard Stream.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size)) else { _exit(1) }
        let status = concordat_ort_session_create(runtime, bytes, size, 1, &session, &message)
        guard status == CONCORDAT_ORT_OK, let session else { return status }

        guard concordat_ort_input_count(session) == 1, concordat_ort_output_count(session) >= 1 else {
            return CONCORDAT_ORT_SHAPE
        }
        var port = concordat_ort_port()
        guard concordat_ort_describe_input(session, 0, &port, &message) == CONCORDAT_ORT_OK,
            port.is_float32_tensor, sameName(port, request.input_name), accepts(port, shape)
        else { return CONCORDAT_ORT_SHAPE }
        for index in 0..<min(concordat_ort_output_count(session), 64) {
            let described = concordat_ort_describe_output(session, index, &port, &message)
            if described == CONCORDAT_ORT_OK, sameName(port, request.output_name) {
                return port.is_float32_tensor ? CONCORDAT_ORT_OK : CONCORDAT_ORT_SHAPE
            }
        }
        return CONCORDAT_ORT_SHAPE
    }

    /// Reads, scores and answers one case after the other. The model never holds two.
    func scoreAll(answeringTo answer: Int32) {
        var message = concordat_ort_message()
        guard let values = malloc(shape.count * MemoryLayout<Float>.stride) else { _exit(1) }
        defer { free(values) }
        let buffer = UnsafeMutableRawBufferPointer(start: values, count: shape.count * MemoryLayout<Float>.stride)
        let input = buffer.bindMemory(to: Float.self)
        var done: UInt64 = 0
        while done < request.case_count {
            guard Stream.fill(buffer) else { _exit(1) }
            var score: Float = 0
            let status = withText(request.input_name) { inputName in
                withText(request.output_name) { outputName in
                    concordat_ort_run(
                        session, inputName, shape.dimensions, shape.dimensions.count, input.baseAddress, input.count,
                        outputName, &score, 1, &message)
                }
            }
            Stream.write(concordat_host_score(status: HostStatus.of(status), score: score), to: answer)
            done += 1
        }
    }

    private static func accepts(_ port: concordat_ort_port, _ shape: CaseShape) -> Bool {
        guard port.rank == shape.dimensions.count else { return false }
        return withUnsafeBytes(of: port.dimensions) { raw in
            // A dimension that the model leaves open is -1.
            zip(raw.bindMemory(to: Int64.self), shape.dimensions).allSatisfy { $0 == -1 || $0 == $1 }
        }
    }

    private static func sameName<Declared>(_ port: concordat_ort_port, _ declared: Declared) -> Bool {
        withText(port.name) { name in withText(declared) { strcmp(name, $0) == 0 } }
    }
}

/// Gives a fixed array of characters, ended by NUL, as a C string.
private func withText<Characters, R>(_ characters: Characters, _ body: (UnsafePointer<CChar>) -> R) -> R {
    withUnsafeBytes(of: characters) { raw in
        // The tuple of a C array is never empty, so its address is never nil.
        body(raw.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped)
    }
}
