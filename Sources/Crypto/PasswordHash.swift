/// bcrypt through libcrypt. Every call but `cost(of:)` burns CPU time on purpose (cost 12: about a quarter of a second), so
/// they belong on the password pool and never on a loop.
package enum PasswordHash {
    /// bcrypt reads no more bytes than these, so a longer password is refused rather than cut.
    package static let passwordBytesMax = 72
    /// The costs that are computed. Above 20 one login takes more than a minute.
    package static let costs = 4...20

    /// A new `$2b$` hash with a fresh salt.
    ///
    /// - Throws: `.passwordUnhashable` for more than 72 bytes or a NUL, `.hashFailed`, `.randomnessUnavailable`.
    package static func hash(
        _ password: borrowing Span<UInt8>, cost: Int
    ) throws(CryptoError) -> String { throw .hashFailed }

    /// Whether the password belongs to a `$2a$`, `$2b$` or `$2y$` hash. Anything malformed does not.
    package static func verify(_ password: borrowing Span<UInt8>, against hash: String) -> Bool { false }

    /// The cost of a hash that `verify` accepts; nil for any other text.
    package static func cost(of hash: String) -> Int? { nil }

    /// Verifies with the work of one hash of `cost` whatever is stored: a cheaper hash is topped up with dummy rounds, and no
    /// hash (an unknown email) or a malformed one costs as much as a good one. A dearer hash takes its own time.
    package static func verify(
        _ password: borrowing Span<UInt8>, against hash: String?, withWorkOf cost: Int
    ) -> Bool { false }
}
