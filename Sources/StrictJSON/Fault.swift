public import TextCatalogue

/// One thing that is wrong in a document: where, what (a stable code), and what to write instead.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    public let pointer: JSONPointer
    public let code: String
    public let phrase: Phrase

    public init(_ pointer: JSONPointer, _ code: String, _ phrase: Phrase) {
        self.pointer = pointer
        self.code = code
        self.phrase = phrase
    }

    public var description: String {
        let place = pointer.tokens.isEmpty ? "/" : pointer.description
        return "\(place): \(code): \(phrase.english)"
    }
}

/// Collects the faults of one document while its parts are read, so that its author sees all of them at once.
///
/// A reader that cannot give a value records the fault and returns nil; the document is good when the list is empty.
public final class FaultList {
    public private(set) var faults: [Fault] = []
    /// How many faults were left out because there were more than a person can use.
    public private(set) var leftOut = 0
    private let limit: Int

    /// - Parameter limit: how many faults are kept; a hostile document could bring one for each of its values.
    public init(limit: Int = 200) { self.limit = limit }

    public var isEmpty: Bool { faults.isEmpty }

    public func add(_ fault: Fault) {
        if faults.count < limit { faults.append(fault) } else { leftOut += 1 }
    }

    public func add(_ pointer: JSONPointer, _ code: String, _ phrase: Phrase) { add(Fault(pointer, code, phrase)) }

    func add(_ pointer: JSONPointer, _ code: StrictJSONError.Code, _ phrase: Phrase) {
        add(pointer, code.rawValue, phrase)
    }
}

/// The codes of the faults that the readers of this module record, beside those of `StrictJSONError.Code`.
public enum FaultCode {
    public static let unknownMember = "json-unknown-member"
    public static let notAllowed = "json-not-allowed"
    public static let outOfRange = "json-out-of-range"
    public static let tooLong = "json-too-long"
    public static let itemCount = "json-item-count"
    public static let notExact = "json-not-exact"
}
