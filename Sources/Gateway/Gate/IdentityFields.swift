import Config
import Encoding
import HTTP
import Tokens

/// The header lines by which a backend learns who is calling.
struct IdentityFields: Sendable {
    private let names: Configuration.IdentityHeaders

    init(_ names: Configuration.IdentityHeaders) {
        self.names = names
    }

    /// Complete lines, in a fixed order; what the token does not say has no line.
    ///
    /// The verifier has restricted every claim that is written as it is to printable ASCII, and the name is
    /// percent-encoded, so no claim can end its line; `checked` holds that wall a second time.
    func lines(for claims: Claims) -> [UInt8] {
        var lines: [UInt8] = []
        append(names.userID, claims.subject, to: &lines)
        if let email = claims.email { append(names.userEmail, email, to: &lines) }
        if let verified = claims.emailVerified {
            append(names.userEmailVerified, verified ? "true" : "false", to: &lines)
        }
        if !claims.roles.isEmpty { append(names.userRoles, claims.roles.joined(separator: ","), to: &lines) }
        if let name = claims.name { append(names.userName, PercentEncoding.encode(name), to: &lines) }
        if let session = claims.sessionID { append(names.sessionID, session, to: &lines) }
        return lines
    }

    private func append(_ name: String, _ value: String, to lines: inout [UInt8]) {
        _ = lines.appendField(name, checked: Array(value.utf8).span)
    }
}
