import Crypto
import Encoding

/// A refresh token: 256 random bits that say nothing, shown to its holder once and stored as a digest.
///
/// `docs/decisions/0005-refresh.md` explains the sealing.
package struct RefreshToken: Sendable {
    package static let bytesCount = 32
    /// 32 bytes in base64url without padding.
    package static let textBytesCount = 43

    private static let sealingLabel = Array("gatehouse successor v1".utf8)

    private let secret: Secret

    private init(_ bytes: consuming [UInt8]) {
        secret = Secret(bytes)
    }

    /// A token that nobody has seen.
    package static func fresh() throws(CryptoError) -> RefreshToken {
        RefreshToken(try Randomness.bytes(bytesCount))
    }

    /// The token that a client presents; nil for whatever `fresh().text` could not have been.
    package init?(presented text: [UInt8]) {
        guard text.count == Self.textBytesCount, let bytes = Base64URL.decode(text.span),
            bytes.count == Self.bytesCount
        else { return nil }
        self.init(bytes)
    }

    /// What the client keeps.
    package var text: String { secret.withBytes { Base64URL.encode($0) } }

    /// What the database keeps: SHA-256. It needs no salt and no slow hash, because there is nothing to guess.
    package var digest: [UInt8] { secret.withBytes { SHA256.digest($0) } }

    /// `successor` as the row of this token stores it: readable only with this token in hand.
    package func seal(_ successor: RefreshToken) -> [UInt8] {
        successor.secret.withBytes { masked($0) }
    }

    /// The successor that was sealed with this token.
    package func open(_ sealed: [UInt8]) -> RefreshToken? {
        guard sealed.count == Self.bytesCount else { return nil }
        return RefreshToken(masked(sealed.span))
    }

    /// XOR with HMAC-SHA-256(this token, label). One mask covers one successor for ever, since a token is spent once;
    /// so it is a one-time pad and needs no nonce.
    private func masked(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
        let mask = HMAC.sha256(key: secret, message: Self.sealingLabel.span)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in 0..<min(bytes.count, mask.count) { result.append(bytes[index] ^ mask[index]) }
        return result
    }
}
