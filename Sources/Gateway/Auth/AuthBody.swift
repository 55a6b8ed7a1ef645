import Accounts
import Encoding
import Reasons

/// The JSON object that a call brought along, read member by member: what is missing or of the wrong type is noted, and
/// all of it is refused at once. Members that nobody asks for are ignored, so a `role` in a registration does nothing.
struct AuthBody: Sendable {
    private let object: JSONValue?
    private var complaints: [String: String] = [:]

    /// An empty body is a call without members. Throws `MALFORMED_JSON` for what is not one strict JSON object; its
    /// details say under `body` what stopped the reader and where, and quote nothing.
    init(_ bytes: [UInt8]) throws(Refusal) {
        if bytes.isEmpty {
            object = nil
            return
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes.span)
        } catch {
            throw Refusal(.malformedJSON, details: ["body": "\(error)"])
        }
        guard value.members != nil else {
            throw Refusal(.malformedJSON, details: ["body": "must be a JSON object"])
        }
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

    /// The member `refreshToken`, for calls that take it from clients without a cookie. Its shape is checked wherever it
    /// stands; whether it is a good one, the use case finds out.
    mutating func refreshToken() -> String? {
        guard let text = optionalText("refreshToken") else { return nil }
        let bytes = text.utf8
        guard (1...Self.refreshTokenBytesMax).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            complain(
                about: "refreshToken", "must have 1 to \(Self.refreshTokenBytesMax) bytes, all printable ASCII")
            return nil
        }
        return text
    }

    /// Far more than a refresh token has.
    static let refreshTokenBytesMax = 256

    /// Notes that a member has to be there, unless something worse is known about it.
    mutating func require(_ name: String) {
        if complaints[name] == nil { complain(about: name, "is required") }
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
