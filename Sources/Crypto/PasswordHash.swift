import CCrypt

/// bcrypt through libcrypt. Every call but `cost(of:)` burns CPU time on purpose (cost 12: about a quarter of a second), so
/// they belong on the password pool and never on a loop.
package enum PasswordHash {
    /// bcrypt reads no more bytes than these, so a longer password is refused rather than cut.
    package static let passwordBytesMax = 72
    /// The costs that are computed. Above 20 one login takes more than a minute.
    package static let costs = 4...20

    /// A hash is `$2b$12$`, 22 digits of salt and 31 of digest.
    private static let saltStart = 7
    private static let digestStart = 29
    private static let hashBytes = 60

    /// A new `$2b$` hash with a fresh salt.
    ///
    /// - Throws: `.passwordUnhashable` for more than 72 bytes or a NUL, `.hashFailed` (also for a cost outside `costs`),
    ///   `.randomnessUnavailable`.
    package static func hash(_ password: borrowing Span<UInt8>, cost: Int) throws(CryptoError) -> String {
        guard isHashable(password) else { throw .passwordUnhashable }
        guard costs.contains(cost) else { throw .hashFailed }
        let salt = try Randomness.bytes(16)
        var setting = [CChar](repeating: 0, count: Int(CCRYPT_OUTPUT_SIZE))
        guard unsafe ccrypt_setting("$2b$", UInt(cost), salt, &setting) == 0 else { throw .hashFailed }
        guard let hash = crypt(password, text(setting)), self.cost(of: hash) == cost else { throw .hashFailed }
        return hash
    }

    /// Whether the password belongs to a `$2a$`, `$2b$` or `$2y$` hash, or to one of another scheme that was imported.
    /// Anything malformed does not.
    package static func verify(_ password: borrowing Span<UInt8>, against hash: String) -> Bool {
        guard isHashable(password) else { return false }
        if isForeign(hash) { return verifyForeign(password, against: hash) }
        guard cost(of: hash) != nil, let computed = crypt(password, hash) else { return false }
        // Only the digests: some libraries left bits in the last digit of the salt that mean nothing and that libcrypt clears.
        return constantTimeEqual(
            Array(computed.utf8.dropFirst(digestStart)).span, Array(hash.utf8.dropFirst(digestStart)).span)
    }

    /// The cost of a hash that `verify` accepts; nil for any other text.
    package static func cost(of hash: String) -> Int? {
        let bytes = Array(hash.utf8)
        guard bytes.count == hashBytes, bytes[0] == UInt8(ascii: "$"), bytes[1] == UInt8(ascii: "2"),
            "aby".utf8.contains(bytes[2]), bytes[3] == UInt8(ascii: "$"), bytes[6] == UInt8(ascii: "$"),
            isDecimal(bytes[4]), isDecimal(bytes[5]), bytes[saltStart...].allSatisfy(isBcryptDigit)
        else { return nil }
        let cost = Int(bytes[4] - UInt8(ascii: "0")) * 10 + Int(bytes[5] - UInt8(ascii: "0"))
        return costs.contains(cost) ? cost : nil
    }

    /// Verifies with the work of one hash of `cost` whatever is stored: a cheaper hash is topped up with dummy rounds, and none
    /// at all (an unknown email) or a malformed one costs as much as a good one. A dearer hash, or one of another scheme, takes its
    /// own time: see `verify(_:against:withWorkOf:amid:)`.
    ///
    /// A password that bcrypt cannot take is refused at once; callers have refused it before, alike for every email.
    package static func verify(
        _ password: borrowing Span<UInt8>, against hash: String?, withWorkOf cost: Int
    ) -> Bool {
        guard isHashable(password) else { return false }
        if let hash, isForeign(hash) { return verifyForeign(password, against: hash) }
        guard let hash, let storedCost = self.cost(of: hash) else {
            spend(cost, on: password)
            return false
        }
        let isRight = verify(password, against: hash)
        for extraCost in topUpCosts(from: storedCost, to: cost) { spend(extraCost, on: password) }
        return isRight
    }

    /// The costs of the dummy hashes that make one hash of `stored` as much work as one of `target`. Each step of cost doubles
    /// the work, so 10 + 10 + 11 is 12: the stored hash itself, and one of every cost from there up to the target.
    static func topUpCosts(from stored: Int, to target: Int) -> Range<Int> {
        stored..<max(stored, target)
    }

    /// Computes a hash that nobody looks at.
    private static func spend(_ cost: Int, on password: borrowing Span<UInt8>) {
        let cost = min(max(cost, costs.lowerBound), costs.upperBound)
        _ = crypt(password, "$2b$" + (cost < 10 ? "0" : "") + String(cost) + "$......................")
    }

    private static func isHashable(_ password: borrowing Span<UInt8>) -> Bool {
        guard password.count <= passwordBytesMax else { return false }
        for index in password.indices where password[index] == 0 { return false }
        return true
    }

    /// `crypt_r`; nil for every refusal, also for one that looks like a string (`*0`, `*1`).
    static func crypt(_ password: borrowing Span<UInt8>, _ setting: String) -> String? {
        var output = [CChar](repeating: 0, count: Int(CCRYPT_OUTPUT_SIZE))
        let result = unsafe withSecretCString(password) { phrase in unsafe ccrypt_hash(phrase, setting, &output) }
        return result == 0 ? text(output) : nil
    }

    private static func text(_ output: [CChar]) -> String {
        String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// bcrypt's own base64: `./A-Za-z0-9`.
    private static func isBcryptDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
