import Storage
import Tokens

/// Keeps a gateway's keys as the database says: reads the rows, and opens those it has not seen.
///
/// Owned by one task; it remembers opened keys, because parsing one costs more than reading all rows.
package struct KeyFollower: Sendable {
    /// A ring that is other than the last.
    package struct News: Sendable {
        package let ring: KeyRing
        package let signing: String
        /// Rows that the secret does not open; they are left out.
        package let sealedOtherwise: [String]
    }

    private let vault: KeyVault
    /// Keys of the configuration, which stand behind those of the ring.
    private let fixed: [TokenKey]
    private var opened: [String: (sealed: [UInt8], key: TokenKey)] = [:]
    private var last: [String] = []

    package init(vault: KeyVault, fixed: [TokenKey]) {
        self.vault = vault
        self.fixed = fixed
    }

    /// What the rows make of the ring; nil when that is the same as before.
    ///
    /// - Throws: `.noSigningKey`; the former ring then stays in force, because an empty table is a damage and no wish.
    package mutating func take(_ reading: KeyVault.Reading) throws(KeyRingProblem) -> News? {
        let plan = reading.plan
        var keys: [TokenKey] = []
        var sealed: [String] = []
        for entry in plan.entries {
            guard let row = reading.rows.first(where: { $0.id == entry.id }) else { continue }
            if let key = key(row) { keys.append(key) } else { sealed.append(entry.id) }
        }
        opened = opened.filter { known in reading.rows.contains { $0.id == known.key } }
        let others = fixed.filter { fixed in !keys.contains { $0.id == fixed.id } }
        let hasSigner = plan.signing != nil && plan.signing == keys.first?.id
        // Until a key of the ring signs, the first of the files does.
        let ring = hasSigner ? keys + others : others + keys
        guard let first = ring.first, hasSigner || (!others.isEmpty && first.canSign) else { throw .noSigningKey }
        let ids = ring.map(\.id) + ["/"] + sealed
        guard ids != last else { return nil }
        do {
            let news = News(ring: try KeyRing(ring), signing: first.id, sealedOtherwise: sealed)
            last = ids
            return news
        } catch {
            throw .unusable(error)
        }
    }

    private mutating func key(_ row: StoredKey) -> TokenKey? {
        if let known = opened[row.id], known.sealed == row.sealed { return known.key }
        guard let key = vault.open(row) else { return nil }
        opened[row.id] = (row.sealed, key)
        return key
    }
}
