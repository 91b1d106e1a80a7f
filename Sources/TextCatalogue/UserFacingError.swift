/// An error that a person will read.
public protocol UserFacingError: Error {
    /// A stable name in kebab-case, for scripts and for the wire. It is never translated and never holds data.
    var code: String { get }

    /// What happened, where, and how to mend it. Safe to show: it holds no secret and no patient-level value.
    var phrase: Phrase { get }
}
