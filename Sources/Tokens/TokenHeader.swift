import Encoding

/// What a token's JOSE header says, as far as it is listened to (RFC 7515 §4).
///
/// `jwk`, `jku`, `x5u` and `x5c` are never looked at: they would let the token bring its own key (CVE-2018-0114).
struct TokenHeader {
    let algorithm: String
    let keyID: String?

    /// Nil for anything that is no header of an access token.
    init?(_ json: borrowing Span<UInt8>) {
        guard let header = try? JSONReader.read(json), header.members != nil else { return nil }
        guard let algorithm = header["alg"]?.string else { return nil }
        self.algorithm = algorithm

        // Extensions that must be understood (RFC 7515 §4.1.11): there is none that we do. `b64` (RFC 7797) changes what is
        // signed, and is refused also where a sender forgot to list it.
        guard header["crit"] == nil, header["b64"] == nil else { return nil }

        // RFC 8725 §3.11: a token made for another purpose under the same key says so in its type.
        if let type = header["typ"] {
            guard let type = type.string, Self.isAccessTokenType(type) else { return nil }
        }

        switch header["kid"] {
        case nil: keyID = nil
        case .string(let id)?: keyID = id
        default: return nil
        }
    }

    /// `JWT` or `at+jwt` (RFC 9068 §2.1); media types have no case (RFC 2045 §5.1).
    private static func isAccessTokenType(_ type: String) -> Bool {
        let lowered = type.utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        return lowered == Array("jwt".utf8) || lowered == Array("at+jwt".utf8)
    }
}
