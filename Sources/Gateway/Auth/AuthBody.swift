import Accounts
import Encoding
import Reasons

/// The JSON object that a call brought along, read member by member: what is missing or of the wrong type is noted, and
/// all of it is refused at once. Members that nobody asks for are ignored, so a `role` in a registration does nothing.
struct AuthBody: Sendable {
    private let object: JSONValue?
    private var complaints: [String: String] = [:]

    /// An empty body is a call without members. Throws `MALFORMED_JSON` for what is not one strict JSON object.
    init(_ bytes: [UInt8]) throws(Refusal) {
        if bytes.isEmpty {
            object = nil
            return
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes.span)
        } catch {
            throw Refusal(.malformedJSON)
        }
        guard value.members != nil else { throw Refusal(.malformedJSON) }
        object = value
    }

    /// A member that must be a string; empty when it is not, which `check` then refuses.
    mutating func text(_ name: String) -> String {
        guard let value = object?[name], !value.isNull else {
            complaints[name] = "is required"
            return ""
        }
        guard let text = value.string else {
            complaints[name] = "must be a string"
            return ""
        }
        return text
    }

    /// A member that may be absent or null, and is a string otherwise.
    mutating func optionalText(_ name: String) -> String? {
        guard let value = object?[name], !value.isNull else { return nil }
        if value.string == nil { complaints[name] = "must be a string" }
        return value.string
    }

    /// Notes a complaint of the caller's own.
    mutating func complain(about name: String, _ why: String) {
        complaints[name] = why
    }

    /// Throws `VALIDATION_FAILED` with everything that was noted.
    func check() throws(Refusal) {
        guard complaints.isEmpty else { throw Refusal(.validationFailed, details: complaints) }
    }
}
