internal import Evidence
internal import Foundation
internal import StrictJSON
internal import TextCatalogue

/// Reads a predicate without room for a second reading.
enum PredicateForm {
    /// Decodes the predicate, and refuses it when it holds anything that its type does not know: what is written back
    /// must be what was read, member for member.
    static func decode<T: Codable>(_ type: T.Type, from predicate: JSONValue) throws(MessageError) -> T {
        do {
            let value = try predicate.decode(type)
            guard try JSONValue(encoding: value).canonicalBytes == predicate.canonicalBytes else {
                throw MessageError(.schemaError, .messageNotExact)
            }
            return value
        } catch let error as MessageError {
            throw error
        } catch let error as StrictJSONError {
            throw MessageError(.schemaError, .messageSchema(error.phrase))
        } catch {
            throw MessageError(.schemaError, .messageNotExact)
        }
    }

    static func encode(_ value: some Encodable) throws(MessageError) -> JSONValue {
        do {
            return try JSONValue(encoding: value)
        } catch {
            throw MessageError(.schemaError, .messageSchema(error.phrase))
        }
    }

    /// The statement, when its bytes are within the limit.
    static func bounded(_ statement: Statement, limit: Int) throws(MessageError) -> Statement {
        let size = statement.payloadBytes.count
        guard size <= limit else { throw MessageError(.tooLarge, .messageTooLarge(size, limit: limit)) }
        return statement
    }

    /// Checks what can be checked of every verified statement.
    static func check(_ verified: VerifiedStatement, is type: PredicateType, limit: Int) throws(MessageError) {
        let size = verified.envelope.payload.count
        guard size <= limit else { throw MessageError(.tooLarge, .messageTooLarge(size, limit: limit)) }
        let found = verified.statement.predicateType
        guard found == type else {
            throw MessageError(.wrongPredicateType, .messageWrongType(found.rawValue, expected: type.rawValue))
        }
    }

    static func check(_ version: String) throws(MessageError) {
        guard version == MessageSchema.version else {
            throw MessageError(.schemaError, .messageVersion(version, expected: MessageSchema.version))
        }
    }

    static func check(_ found: [Statement.Subject], are expected: [Statement.Subject]) throws(MessageError) {
        guard found == expected else { throw MessageError(.subjectMismatch, .messageSubject) }
    }
}
