public import TextCatalogue

/// A name that can stand in file names, URLs, certificates and role names as it is: lower-case ASCII letters, digits
/// and hyphens, beginning with a letter or a digit. `Kind` keeps names of different things apart.
public struct Identifier<Kind: IdentifierKind>: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    /// - Throws: `invalid-identifier`.
    public init(_ text: String) throws(EvidenceError) {
        guard let identifier = Self(rawValue: text) else {
            throw EvidenceError(.invalidIdentifier, .invalidIdentifier(Kind.name, maximum: Kind.maximumLength))
        }
        self = identifier
    }

    public init?(rawValue: String) {
        let characters = rawValue.utf8
        guard (1...Kind.maximumLength).contains(characters.count), characters.first != UInt8(ascii: "-"),
            characters.allSatisfy(Self.isAllowed)
        else { return nil }
        self.rawValue = rawValue
    }

    private static func isAllowed(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// What an identifier names.
public protocol IdentifierKind: Sendable {
    /// The greatest number of characters.
    static var maximumLength: Int { get }
    /// What it names, for messages.
    static var name: Phrase { get }
}

public enum SiteKind: IdentifierKind {
    public static var maximumLength: Int { 63 }
    public static var name: Phrase { .siteIdentifierName }
}

public enum StudyKind: IdentifierKind {
    public static var maximumLength: Int { 96 }
    public static var name: Phrase { .studyIdentifierName }
}

/// The name of a site: at most 63 characters, so that it can be a DNS label.
public typealias SiteID = Identifier<SiteKind>

/// The name of a study: at most 96 characters.
public typealias StudyID = Identifier<StudyKind>

extension Identifier: CustomStringConvertible {
    public var description: String { rawValue }
}

extension Identifier: Comparable {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(try container.decode(String.self))
        } catch let error as EvidenceError {
            throw DecodingError.refused(error, in: container)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
