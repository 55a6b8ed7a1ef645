/// The good verdicts of one core: whole tokens that have passed the verifier, with what was made of them.
///
/// A value of one core, used from nowhere else; it is bounded in entries and bytes. Only good verdicts go in, so that a flood
/// of bad tokens evicts nothing.
package struct VerifiedTokenCache<Payload> {
    package init(entriesMax: Int = 8192, bytesMax: Int = 8 << 20) {}

    package var count: Int { 0 }

    /// What was stored under exactly these bytes, unless it has expired.
    package mutating func lookup(
        _ token: borrowing Span<UInt8>, now: Int64
    ) -> (claims: Claims, payload: Payload)? { nil }

    package mutating func insert(_ token: borrowing Span<UInt8>, claims: Claims, payload: Payload) {}

    /// Forgets what a revocation concerns.
    package mutating func removeAll(where isRevoked: (Claims) -> Bool) {}
}
