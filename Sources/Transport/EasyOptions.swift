import CCurl
import CCurlShim
import Foundation

/// Sets options of an easy handle; an option that this libcurl refuses is an error, never silently left out.
struct EasyOptions {
    let handle: UnsafeMutableRawPointer

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(ccurl_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, offset value: Int64) throws(TransportError) {
        try check(ccurl_set_offset(handle, option, curl_off_t(value)))
    }

    func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
        try check(ccurl_set_string(handle, option, value))
    }

    func set(_ option: CURLoption, bytes: Data) throws(TransportError) {
        try check(bytes.withUnsafeBytes { ccurl_set_blob(handle, option, $0.baseAddress, $0.count) })
    }

    /// For `CURLOPT_COPYPOSTFIELDS`: libcurl copies as many bytes as `CURLOPT_POSTFIELDSIZE_LARGE` said before.
    func set(_ option: CURLoption, copying bytes: Data) throws(TransportError) {
        let result = bytes.withUnsafeBytes { buffer in
            // Empty data has no address; a NULL here would mean "ask the read callback".
            if let base = buffer.baseAddress { return ccurl_set_pointer(handle, option, base) }
            return ccurl_set_string(handle, option, "")
        }
        try check(result)
    }

    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) throws(TransportError) {
        try check(ccurl_set_list(handle, option, list))
    }

    func set(
        _ option: CURLoption,
        callback: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int
    ) throws(TransportError) {
        try check(ccurl_set_data_callback(handle, option, callback))
    }

    /// Gives the callbacks the transfer, unretained: the loop keeps it alive while the handle is in use.
    func setAddress(of transfer: Transfer) throws(TransportError) {
        let address = Unmanaged.passUnretained(transfer).toOpaque()
        try check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, address))
        try check(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, address))
    }

    private func check(_ result: CURLcode) throws(TransportError) {
        guard result == CURLE_OK else { throw TransportError(.cannotStart) }
    }
}
