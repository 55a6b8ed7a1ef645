import Crypto
import Encoding
import Foundation

/// Makes access tokens, good ones and forged ones, with the secret that the gateways under test verify with.
enum Forge {
    static let issuer = "http://localhost:8080"
    static let audience = "gatehouse-tests"
    /// 32 bytes, as an HS256 secret must have at least.
    static let secretText = "0123456789abcdef0123456789ABCDEF"
    static let secret = Array(secretText.utf8)

    /// A JSON object written by hand: every value is JSON text, so that wrong types and repeated members can be had.
    struct Object {
        var members: [(name: String, json: String)]

        /// Replaces a member, or removes it.
        subscript(name: String) -> String? {
            get { members.first { $0.name == name }?.json }
            set {
                let at = members.firstIndex { $0.name == name }
                switch (at, newValue) {
                case (let at?, let json?): members[at].json = json
                case (let at?, nil): members.remove(at: at)
                case (nil, let json?): members.append((name, json))
                case (nil, nil): break
                }
            }
        }

        func with(_ name: String, _ json: String?) -> Object {
            var copy = self
            copy[name] = json
            return copy
        }

        var text: String {
            "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
        }
    }

    static var header: Object { Object(members: [("alg", "\"HS256\""), ("typ", "\"JWT\"")]) }

    /// Claims that the gate accepts.
    static func claims(user: String = "u-\(Counter.next())", roles: [String] = ["user"]) -> Object {
        let now = Int(Date().timeIntervalSince1970)
        return Object(members: [
            ("iss", quoted(issuer)), ("aud", quoted(audience)), ("sub", quoted(user)),
            ("sid", quoted(UUID().uuidString.lowercased())), ("jti", quoted(UUID().uuidString.lowercased())),
            ("iat", "\(now)"), ("exp", "\(now + 600)"), ("email", quoted("\(user)@example.com")),
            ("email_verified", "true"), ("name", quoted("Test Person")),
            ("roles", "[" + roles.map(quoted).joined(separator: ",") + "]"),
        ])
    }

    static func token(_ claims: Object = claims(), header: Object = header) -> String {
        token(header: header.text, payload: claims.text)
    }

    static func token(roles: [String]) -> String { token(claims(roles: roles)) }

    /// Signs any two texts, JSON or not, by HMAC-SHA-256.
    static func token(header: String, payload: String, secret: [UInt8] = secret) -> String {
        let signed = encode(header) + "." + encode(payload)
        let signature = HMAC.sha256(key: secret.span, message: Array(signed.utf8).span)
        return signed + "." + encode(signature)
    }

    static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

    static func encode(_ bytes: [UInt8]) -> String { Base64URL.encode(bytes.span) }

    /// As a JSON string; the tests' own words need no escapes beyond these.
    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
