import CConfinement
import COnnxRuntime
import Glibc

/// Scores cases with one model, inside the sandbox. The agent starts it; it is of no use to a person.
///
/// The order is the point: first the limits, then ONNX Runtime is loaded, then every system call that arithmetic does
/// not need is given up, and only then does the first byte come in.
@main
enum Main {
    static func main() {
        guard concordat_limit_resources() == 0, let streams = OutputStreams.take() else {
            leave(CONCORDAT_HOST_NOT_CONFINED)
        }
        var message = concordat_ort_message()
        var runtime: OpaquePointer?
        guard concordat_ort_open(CONCORDAT_HOST_LIBRARY, &runtime, &message) == CONCORDAT_ORT_OK, let runtime else {
            Stream.report(message, to: streams.diagnostics)
            leave(CONCORDAT_HOST_NO_LIBRARY)
        }
        guard concordat_confine_calls(STDIN_FILENO, streams.answer, streams.diagnostics) == 0 else {
            leave(CONCORDAT_HOST_NOT_CONFINED)
        }
        Stream.write(concordat_host_mark(magic: CONCORDAT_HOST_GREETING), to: streams.answer)
        guard let request: concordat_host_request = Stream.read(), let shape = CaseShape(request) else {
            leave(CONCORDAT_HOST_BAD_REQUEST)
        }

        var session: OpaquePointer?
        let verdict = LoadedModel.load(request, shape, runtime, &session, &message)
        Stream.write(concordat_host_verdict(status: HostStatus.of(verdict)), to: streams.answer)
        guard verdict == CONCORDAT_ORT_OK, let session else {
            Stream.report(message, to: streams.diagnostics)
            _exit(0)
        }
        LoadedModel(session: session, request: request, shape: shape).scoreAll(answeringTo: streams.answer)
        Stream.write(concordat_host_mark(magic: CONCORDAT_HOST_FAREWELL), to: streams.answer)
        // No destructor of a library runs: nothing is left to tidy, and the model had its hands on all of it.
        _exit(0)
    }

    private static func leave(_ code: Int) -> Never { _exit(Int32(code)) }
}
