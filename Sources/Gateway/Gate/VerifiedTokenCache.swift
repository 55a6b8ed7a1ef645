import Tokens

/// A token that has passed the verifier, with what its core made of it (the header bytes to inject).
final class VerifiedToken<Payload: Sendable>: Sendable {
    let claims: Claims
    let payload: Payload
    fileprivate let bytes: [UInt8]

    fileprivate init(bytes: [UInt8], claims: Claims, payload: Payload) {
        self.bytes = bytes
        self.claims = claims
        self.payload = payload
    }
}

/// The good verdicts of one core, by whole token.
///
/// Bounded in entries and bytes. Only good verdicts go in, so that a flood of bad tokens evicts nothing. There are two
/// generations: new and used entries are in the young one; when that is full it becomes the old one, and what the old one
/// still holds has not been used since and goes. So a token in use stays, and nothing has to be sorted.
struct VerifiedTokenCache<Payload: Sendable> {
    private typealias Generation = [Int: VerifiedToken<Payload>]

    /// What an entry is taken to weigh besides the token itself: claims, payload, table.
    private static var entryBytes: Int { 1024 }

    private let generationEntriesMax: Int
    private let generationBytesMax: Int
    private let seed = UInt64.random(in: .min ... .max)
    private let secondSeed = UInt64.random(in: .min ... .max) | 1
    private var young: Generation = [:]
    private var old: Generation = [:]
    private var youngBytes = 0

    init(entriesMax: Int = 32_768, bytesMax: Int = 64 << 20) {
        generationEntriesMax = max(1, entriesMax / 2)
        generationBytesMax = max(Self.entryBytes, bytesMax / 2)
    }

    var count: Int { young.count + old.count }

    /// What was stored under exactly these bytes, unless it has expired by `now` (seconds since 1970).
    mutating func lookup(_ token: borrowing Span<UInt8>, now: Int64) -> VerifiedToken<Payload>? {
        let key = key(of: token)
        if let entry = young[key] {
            if now < entry.claims.expiresAt { return isEqual(entry.bytes, token) ? entry : nil }
            young[key] = nil
            return nil
        }
        guard let entry = old[key], isEqual(entry.bytes, token) else { return nil }
        old[key] = nil
        guard now < entry.claims.expiresAt else { return nil }
        store(entry, under: key)
        return entry
    }

    /// Stores a good verdict, and hands it back as a lookup would.
    @discardableResult
    mutating func insert(
        _ token: borrowing Span<UInt8>, claims: Claims, payload: Payload
    ) -> VerifiedToken<Payload> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.count)
        for index in token.indices { bytes.append(token[index]) }
        let entry = VerifiedToken(bytes: bytes, claims: claims, payload: payload)
        store(entry, under: key(of: token))
        return entry
    }

    /// Forgets what a revocation concerns. Looks at every entry.
    mutating func removeAll(where isRevoked: (Claims) -> Bool) {
        young = young.filter { !isRevoked($0.value.claims) }
        old = old.filter { !isRevoked($0.value.claims) }
    }

    /// Forgets everything: the keys or the issuer have changed.
    mutating func removeAll() {
        young = [:]
        old = [:]
        youngBytes = 0
    }

    private mutating func store(_ entry: VerifiedToken<Payload>, under key: Int) {
        if young.count >= generationEntriesMax || youngBytes >= generationBytesMax {
            old = young
            young = [:]
            youngBytes = 0
        }
        young[key] = entry
        youngBytes += entry.bytes.count + Self.entryBytes
    }

    /// A hash that a sender cannot aim at, because it is seeded. It only finds the entry; the bytes decide.
    ///
    /// The end of a token is its signature, in which no two good tokens agree, so the end is enough to tell them apart. A
    /// forged token with the end of a good one finds that one's entry, and the comparison sends it away.
    private func key(of token: borrowing Span<UInt8>) -> Int {
        var hash = seed ^ UInt64(truncatingIfNeeded: token.count)
        let end = token.extracting(last: Self.hashedBytes)
        var at = 0
        while at < end.count {
            let part = end.extracting(at..<min(at + 8, end.count))
            var word: UInt64 = 0
            for index in part.indices { word = word << 8 | UInt64(part[index]) }
            // One step of wyhash: both halves of a product by a word that nobody outside knows.
            let product = (hash ^ word).multipliedFullWidth(by: secondSeed ^ word.byteSwapped)
            hash = product.high ^ product.low ^ seed
            at += 8
        }
        return Int(truncatingIfNeeded: hash)
    }

    /// 192 bits of a signature in base64url.
    private static var hashedBytes: Int { 32 }

    private func isEqual(_ bytes: [UInt8], _ token: borrowing Span<UInt8>) -> Bool {
        guard bytes.count == token.count else { return false }
        // Without a way out in the middle, the loop becomes vector instructions.
        let stored = bytes.span
        var difference: UInt8 = 0
        for index in token.indices { difference |= stored[index] ^ token[index] }
        return difference == 0
    }
}
