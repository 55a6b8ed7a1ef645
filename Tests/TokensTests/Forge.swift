import Encoding
import Reasons
import Tokens

/// A token made piece by piece, so that one thing at a time can be wrong with it.
struct Forge {
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://auth.example"
    static let audience = "my-app"

    var header = Members([("alg", #""HS256""#), ("typ", #""JWT""#)])
    var payload = Members([
        ("iss", #""https://auth.example""#), ("aud", #""my-app""#), ("sub", #""user-1""#), ("iat", "1800000000"),
        ("exp", "1800000900"),
    ])

    /// A JSON object as text, in which members can be replaced by any text, JSON or not.
    struct Members {
        var members: [(name: String, text: String)]
        /// The whole text instead.
        var whole: String?

        init(_ members: [(String, String)]) { self.members = members.map { (name: $0.0, text: $0.1) } }

        var text: String {
            whole ?? "{" + members.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
        }

        /// nil removes the member.
        mutating func set(_ name: String, _ text: String?) {
            let index = members.firstIndex { $0.name == name }
            if let index { members.remove(at: index) }
            if let text { members.insert((name: name, text: text), at: index ?? members.count) }
        }
    }

    /// What is signed.
    var signingInput: [UInt8] {
        Array((encode(Array(header.text.utf8)) + "." + encode(Array(payload.text.utf8))).utf8)
    }

    /// The token, signed by that key whatever its header says.
    func signed(by key: TokenKey) throws -> [UInt8] {
        let input = signingInput
        return input + [UInt8(ascii: ".")] + Array(encode(try key.signature(over: input.span)).utf8)
    }

    func signed() throws -> [UInt8] { try signed(by: SampleKeys.key(.hs256)) }
}

func encode(_ bytes: [UInt8]) -> String { Base64URL.encode(bytes.span) }

func decode(_ text: String) -> [UInt8] { Base64URL.decode(Array(text.utf8).span) ?? [] }

func readJSON(_ bytes: [UInt8]) throws -> JSONValue { try JSONReader.read(bytes.span) }

/// What the verifier makes of a token.
enum Verdict: Equatable {
    case good(Claims)
    case invalid
    case expired
    case unexpected(Reason)

    var isGood: Bool { if case .good = self { true } else { false } }
}

extension TokenVerifier {
    static func sample(_ keys: KeyRing, lifetimeMaxSeconds: Int64 = 86_400) -> TokenVerifier {
        TokenVerifier(
            keys: keys, issuer: Forge.issuer, audience: Forge.audience, lifetimeMaxSeconds: lifetimeMaxSeconds)
    }

    func verdict(_ token: [UInt8], now: Int64 = Forge.now, ignoringExpiry: Bool = false) -> Verdict {
        do {
            return .good(try verify(token.span, now: now, ignoringExpiry: ignoringExpiry))
        } catch .tokenInvalid {
            return .invalid
        } catch .tokenExpired {
            return .expired
        } catch {
            return .unexpected(error)
        }
    }
}
