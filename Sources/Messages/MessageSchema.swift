/// What all messages share.
public enum MessageSchema {
    public static let version = "1.0"

    /// The greatest sizes, in bytes, of what may be sent or read. Documents are counted as signed payloads; the
    /// envelope around one is base64, which makes four bytes of three.
    public enum Limit {
        public static let protocolDocument = 256 * 1024
        /// An envelope around a protocol.
        public static let protocolEnvelope = 384 * 1024
        public static let job = 1024 * 1024
        public static let release = 1024 * 1024
        public static let modelManifest = 256 * 1024
        /// Every other request or answer.
        public static let other = 64 * 1024
    }
}
