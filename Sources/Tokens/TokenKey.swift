import Crypto
import Encoding

/// One key of the ring, bound to its algorithm and its `kid`.
package struct TokenKey: Sendable {
    /// RFC 7518 §3.2: an HMAC key is at least as long as the hash.
    package static let secretBytesMin = 32

    package let algorithm: Algorithm
    /// The `kid`: of a public key its RFC 7638 thumbprint, of an HMAC secret a name that reveals nothing of it. Both follow from
    /// the key alone, so that gateways which share a key agree on its name, also after a restart.
    package let id: String
    private let material: Material

    private enum Material {
        case secret(HMACKey)
        case pair(PrivateKey)
        case publicHalf(PublicKey)
    }

    /// Reads key material as it lies in a file or an environment variable.
    ///
    /// - Parameter material: PEM (a private key, or a public one that then only verifies); for `hs256` the raw bytes, of which
    ///   one trailing newline is not part.
    /// - Throws: `.secretTooShort`, `.secretIsPEM`, `.wrongKind`, `.unusable`.
    package static func load(
        algorithm: Algorithm, material: borrowing Span<UInt8>
    ) throws(KeyProblem) -> TokenKey {
        if algorithm == .hs256 { return try TokenKey(secret: secret(from: material)) }
        let key = try load(pem: material)
        guard key.algorithm == algorithm else { throw .wrongKind(needed: algorithm, found: key.algorithm) }
        return key
    }

    /// As `load(algorithm:material:)`, for PEM that is kept secret.
    package static func load(algorithm: Algorithm, pem: Secret) throws(KeyProblem) -> TokenKey {
        try pem.withBytes { (bytes: borrowing Span<UInt8>) throws(KeyProblem) in
            try load(algorithm: algorithm, material: bytes)
        }
    }

    /// - Parameter id: the `kid`, where somebody else has chosen it.
    /// - Throws: `.secretTooShort`, `.unusable`.
    package init(secret: Secret, id: String? = nil) throws(KeyProblem) {
        guard secret.count >= Self.secretBytesMin else { throw .secretTooShort(bytes: secret.count) }
        algorithm = .hs256
        self.id = id ?? Self.name(of: secret)
        do { material = .secret(try HMACKey(secret)) } catch { throw .unusable(error) }
    }

    package init(_ key: PrivateKey, id: String? = nil) {
        algorithm = Algorithm(key.kind)
        self.id = id ?? key.publicKey.parameters.thumbprint
        material = .pair(key)
    }

    package init(_ key: PublicKey, id: String? = nil) {
        algorithm = Algorithm(key.kind)
        self.id = id ?? key.parameters.thumbprint
        material = .publicHalf(key)
    }

    /// Whether this key holds a private half or a shared secret.
    package var canSign: Bool {
        if case .publicHalf = material { false } else { true }
    }

    /// What may be published; nil for a shared secret.
    package var publicKey: PublicKey? {
        switch material {
        case .secret: nil
        case .pair(let key): key.publicKey
        case .publicHalf(let key): key
        }
    }

    /// Whether the signature is this key's over the message; a secret's codes are compared in constant time.
    package func isValid(_ signature: borrowing Span<UInt8>, over message: borrowing Span<UInt8>) -> Bool {
        switch material {
        case .secret(let secret): constantTimeEqual(secret.code(over: message).span, signature)
        case .pair(let key): key.publicKey.isValid(signature, over: message)
        case .publicHalf(let key): key.isValid(signature, over: message)
        }
    }

    /// - Throws: `.cannotSign` for a public key, `.unusable`.
    package func signature(over message: borrowing Span<UInt8>) throws(KeyProblem) -> [UInt8] {
        switch material {
        case .secret(let secret): return secret.code(over: message)
        case .pair(let key):
            do { return try key.signature(over: message) } catch { throw .unusable(error) }
        case .publicHalf: throw .cannotSign
        }
    }
}

extension TokenKey {
    /// 96 bits of a code that only the holder of the secret can compute and that says nothing about any other code.
    private static func name(of secret: Secret) -> String {
        let purpose = Array("gatehouse kid v1".utf8)
        return String(Base64URL.encode(HMAC.sha256(key: secret, message: purpose.span).span).prefix(16))
    }

    /// The bytes of an hs256 secret that `load` has taken: what is left without a newline at the end.
    package static func hmacSecret(_ material: [UInt8]) -> Secret {
        (try? secret(from: material.span)) ?? Secret(material)
    }

    private static func secret(from material: borrowing Span<UInt8>) throws(KeyProblem) -> Secret {
        var end = material.count
        if end > 0, material[end - 1] == 0x0A { end -= 1 }
        if end < material.count, end > 0, material[end - 1] == 0x0D { end -= 1 }
        let secret = material.extracting(0..<end)
        guard !holdsPEM(secret) else { throw .secretIsPEM }
        return Secret(copying: secret)
    }

    /// Whether `-----BEGIN` stands anywhere, blanks before it or not (CVE-2026-34950).
    private static func holdsPEM(_ bytes: borrowing Span<UInt8>) -> Bool {
        let mark = Array("-----BEGIN".utf8)
        guard bytes.count >= mark.count else { return false }
        for start in 0...(bytes.count - mark.count)
        where mark.indices.allSatisfy({ bytes[start + $0] == mark[$0] }) {
            return true
        }
        return false
    }

    private static func load(pem: borrowing Span<UInt8>) throws(KeyProblem) -> TokenKey {
        do {
            return TokenKey(try PrivateKey(pem: pem))
        } catch {
            guard error == .keyUnreadable else { throw .unusable(error) }
        }
        do { return TokenKey(try PublicKey(pem: pem)) } catch { throw .unusable(error) }
    }
}
