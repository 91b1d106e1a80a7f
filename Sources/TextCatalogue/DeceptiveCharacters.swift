extension Unicode.Scalar {
    /// Whether a terminal acts on the character instead of showing it (C0 and C1 controls, DEL), or shows the text
    /// around it in another order or on another line (Unicode's bidirectional and line controls). Line feed and tab
    /// are not among them.
    ///
    /// Names in a site's files and texts that a sponsor signed end up before people who decide by what they see.
    package var isDeceptive: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
