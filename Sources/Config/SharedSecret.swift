/// What an hs256 secret has to be, wherever it comes from.
package enum SharedSecret {
    /// RFC 7518 §3.2: as many bits as the hash has.
    package static let bytesMin = 32

    package static let expected = "\(bytesMin) random bytes or more"
    package static let recipe = "openssl rand -base64 48"

    /// The raw bytes of a secret: one newline at the end is what an editor put there.
    package static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
    }

    /// Why a secret is refused, to follow "the secret in …", or nil. Never says what it holds.
    package static func objection(to bytes: [UInt8]) -> String? {
        let secret = trimmed(bytes)
        if secret.count < bytesMin { return "has \(secret.count) bytes" }
        if isPlaceholder(secret) { return "comes from an example" }
        return nil
    }

    /// Why somebody should look at a secret that is long enough to be used, or nil. A warning: a test bench may well use
    /// such a one.
    package static func doubt(about bytes: [UInt8]) -> String? {
        Set(trimmed(bytes)).count < 12 ? "repeats a few characters" : nil
    }

    /// What tutorials write where a secret belongs, and everybody else knows too.
    private static let placeholders = [
        "change-me", "changeme", "change_me", "change-this", "change_this", "your-secret", "your_secret",
        "your-256-bit-secret", "placeholder", "replace-me", "replace_me",
    ]

    private static func isPlaceholder(_ secret: [UInt8]) -> Bool {
        let lowered = secret.map(\.lowered)
        return placeholders.contains { sample in
            let needle = Array(sample.utf8)
            return (0...max(0, lowered.count - needle.count)).contains { lowered[$0...].starts(with: needle) }
        }
    }
}
