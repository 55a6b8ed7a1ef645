import Encoding

/// A token's payload. Nothing in it is true before its signature has been verified; until then `issuer` says whose keys to
/// verify it with.
///
/// Absent is not the same as empty or null: a claim that is there has its type, so `null` is refused. An empty
/// `sid`, `jti`, `email` or `name` says nothing and counts as absent.
struct Payload {
    /// The limit for `sub`, taken for the other texts that go into headers too.
    static let textBytesMax = 255

    let object: JSONValue

    /// Nil unless it is a JSON object.
    init?(_ json: borrowing Span<UInt8>) {
        guard let object = try? JSONReader.read(json), object.members != nil else { return nil }
        self.object = object
    }

    /// `iss`.
    var issuer: String? { object["iss"]?.string }

    /// Whether `aud` is, or lists, that audience (RFC 7519 §4.1.3). A list with anything but strings in it is none.
    func isMeant(for audience: String) -> Bool {
        switch object["aud"] {
        case .string(let one)?: return isSameText(one, audience)
        case .array(let elements)?:
            let audiences = elements.compactMap(\.string)
            return audiences.count == elements.count && audiences.contains { isSameText($0, audience) }
        default: return false
        }
    }

    /// `nbf`, rounded up, so that it is never taken for earlier than it says.
    func notBefore() throws(Malformed) -> Int64? { try date("nbf", rounding: .up) }

    /// All claims that are handed on.
    func claims() throws(Malformed) -> Claims {
        guard let issuer = object["iss"]?.string, let subject = try headerText("sub"),
            let expiresAt = try date("exp", rounding: .down)
        else { throw Malformed() }
        return Claims(
            issuer: issuer, subject: subject, sessionID: try headerText("sid"), tokenID: try headerText("jti"),
            email: try headerText("email"), emailVerified: try truth("email_verified"), name: try text("name"),
            roles: try roles(), issuedAt: try date("iat", rounding: .down), expiresAt: expiresAt)
    }

    /// The claims of those names, as texts.
    func kept(_ names: Set<String>) -> [String: [String]] {
        var kept: [String: [String]] = [:]
        for name in names {
            guard let value = object[name], !value.isNull else { continue }
            kept[name] = value.elements.map { $0.compactMap(Self.words) } ?? Self.words(value).map { [$0] } ?? []
        }
        return kept
    }

    /// A text as it is, `true` and `false`, and a number so that `1`, `1.0` and `1e0` are the same.
    private static func words(_ value: JSONValue) -> String? {
        if let truth = value.bool { return truth ? "true" : "false" }
        if let number = value.double, abs(number) <= 0x1p53, number == number.rounded() { return String(Int64(number)) }
        if case .number(let text) = value { return text }
        return value.string
    }

    /// A claim is there and is not what it has to be.
    struct Malformed: Error {}

    private func text(_ name: String) throws(Malformed) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw Malformed() }
        return text.utf8.isEmpty ? nil : text
    }

    /// A text that can stand in a header as it is: printable ASCII, no blank at either end (a backend would trim it, and take
    /// `admin ` for `admin`), at most 255 bytes.
    private func headerText(_ name: String) throws(Malformed) -> String? {
        guard let text = try text(name) else { return nil }
        guard Self.isHeaderText(text) else { throw Malformed() }
        return text
    }

    static func isHeaderText(_ text: String) -> Bool {
        let bytes = text.utf8.span
        guard bytes.count <= textBytesMax else { return false }
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] > 0x7E { return false }
        return bytes.isEmpty || (bytes[0] != 0x20 && bytes[bytes.count - 1] != 0x20)
    }

    private func truth(_ name: String) throws(Malformed) -> Bool? {
        guard let value = object[name] else { return nil }
        guard let truth = value.bool else { throw Malformed() }
        return truth
    }

    /// `[A-Za-z0-9._:-]+` each: a comma would forge a role in the list that backends get.
    private func roles() throws(Malformed) -> [String] {
        guard let value = object["roles"] else { return [] }
        guard let elements = value.elements else { throw Malformed() }
        var roles: [String] = []
        for element in elements {
            guard let role = element.string, Self.isRoleName(role) else { throw Malformed() }
            roles.append(role)
        }
        return roles
    }

    private static func isRoleName(_ role: String) -> Bool {
        !role.utf8.isEmpty
            && role.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// A `NumericDate` (RFC 7519 §2): seconds since 1970, fractions allowed. Beyond ±2^53 seconds it is none.
    func date(_ name: String, rounding rule: FloatingPointRoundingRule) throws(Malformed) -> Int64? {
        guard let value = object[name] else { return nil }
        // Nearly every one is whole, and exact as it stands.
        if let whole = value.integer, whole.magnitude <= 1 << 53 { return whole }
        guard let seconds = value.double, abs(seconds) <= 0x1p53 else { throw Malformed() }
        return Int64(seconds.rounded(rule))
    }
}
