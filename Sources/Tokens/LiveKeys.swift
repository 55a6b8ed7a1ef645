import Synchronization

/// The keys that tokens are signed and verified with at this moment: our own ring, and what is known of other issuers'.
///
/// Shared by all that sign or verify, so that a change holds everywhere at once. It is looked at for tokens that no cache
/// knows; whoever takes a key away has the caches of verified tokens purged afterwards.
package final class LiveKeys: Sendable {
    struct Signer {
        let key: TokenKey
        /// The encoded header and its dot, which are the same in every token.
        let head: [UInt8]
    }

    private struct State {
        var own: KeyRing
        var signer: Signer?
        var keySet: [UInt8]
        var foreign: [Int: KeyRing] = [:]
        /// Issuers whose set lacks a key that a token named.
        var wanted: Set<Int> = []
    }

    private let state: Mutex<State>

    package init(_ own: KeyRing) {
        state = Mutex(State(own: own, signer: Self.signer(of: own), keySet: own.jwks()))
    }

    // MARK: Our own

    package var own: KeyRing { state.withLock { $0.own } }

    /// The JWK set that is published.
    package var keySet: [UInt8] { state.withLock { $0.keySet } }

    /// Nil when the first key is only a public half.
    var signer: Signer? { state.withLock { $0.signer } }

    /// Puts another ring in place. Whether a key has gone with it, whose tokens must not be found in any cache any more.
    package func replace(_ ring: KeyRing) -> Bool {
        let (signer, keySet, ids) = (Self.signer(of: ring), ring.jwks(), Set(ring.keys.map(\.id)))
        return state.withLock { state in
            let hasLost = state.own.keys.contains { !ids.contains($0.id) }
            (state.own, state.signer, state.keySet) = (ring, signer, keySet)
            return hasLost
        }
    }

    private static func signer(of ring: KeyRing) -> Signer? {
        guard let key = ring.keys.first, key.canSign else { return nil }
        return Signer(key: key, head: ring.heads[0])
    }

    // MARK: Other issuers'

    /// The keys of the issuer at this place of the verifier's list; nil while none are known.
    package func foreign(_ index: Int) -> KeyRing? { state.withLock { $0.foreign[index] } }

    /// Puts an issuer's keys in place. Whether one is gone, or is another under the same name.
    package func replaceForeign(_ index: Int, _ ring: KeyRing) -> Bool {
        state.withLock { state in
            let known = state.foreign.updateValue(ring, forKey: index)
            return known?.keys.contains { key in !ring.keys.contains { $0.isSame(as: key) } } ?? false
        }
    }

    func want(_ index: Int) { state.withLock { _ = $0.wanted.insert(index) } }

    /// The issuers of which a token named a key that is not known, since this was asked last.
    package func takeWanted() -> Set<Int> {
        state.withLock { state in
            defer { state.wanted = [] }
            return state.wanted
        }
    }
}

extension TokenKey {
    /// Same name, same public key.
    func isSame(as other: TokenKey) -> Bool {
        isSameText(id, other.id) && publicKey?.parameters.thumbprint == other.publicKey?.parameters.thumbprint
    }
}
