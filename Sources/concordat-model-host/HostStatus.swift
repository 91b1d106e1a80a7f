import CConfinement
import COnnxRuntime

/// ONNX Runtime's outcomes in the words of the exchange.
enum HostStatus {
    static func of(_ status: concordat_ort_status) -> UInt32 {
        let answer =
            switch status {
            case CONCORDAT_ORT_OK: CONCORDAT_HOST_DONE
            case CONCORDAT_ORT_SHAPE: CONCORDAT_HOST_WRONG_SHAPE
            case CONCORDAT_ORT_MEMORY: CONCORDAT_HOST_NO_MEMORY
            default: CONCORDAT_HOST_REFUSED
            }
        return UInt32(answer)
    }
}
