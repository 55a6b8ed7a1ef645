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

    /// What is wrong with a secret, to follow "the secret in …", or nil. Never says what it holds.
    package static func objection(to bytes: [UInt8]) -> String? {
        let secret = trimmed(bytes)
        if secret.count < bytesMin { return "has \(secret.count) bytes" }
        if Set(secret).count < 8 { return "repeats a few characters" }
        if isFromSample(secret) { return "comes from an example" }
        return nil
    }

    /// Secrets that people copy from a tutorial and that everybody else knows too.
    private static let samples = [
        "change-me", "changeme", "change_me", "change-this", "change_this", "your-secret", "your_secret", "yoursecret",
        "your-256-bit-secret", "super-secret", "supersecret", "super_secret", "secret-key", "secretkey", "secret_key",
        "my-secret", "my_secret", "mysecret", "placeholder", "replace-me", "replace_me", "0123456789", "example-secret",
    ]

    private static func isFromSample(_ secret: [UInt8]) -> Bool {
        let lowered = secret.map(\.lowered)
        return samples.contains { sample in
            let needle = Array(sample.utf8)
            return (0...max(0, lowered.count - needle.count)).contains { lowered[$0...].starts(with: needle) }
        }
    }
}
