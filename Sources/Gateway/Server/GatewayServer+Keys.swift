import Accounts
import Config
import Tokens

extension GatewayServer {
    /// The ring in the database, and who follows it.
    struct RingInDatabase {
        let vault: KeyVault
        let follower: KeyFollower
    }

    /// The keys to begin with: those of the configuration, or the ring in the database, which gets its first key here.
    static func openKeys(
        _ loaded: LoadedConfiguration, _ database: AccountDatabase
    ) throws(StartProblem) -> (keys: LiveKeys, ring: RingInDatabase?) {
        let tokens = loaded.configuration.tokens
        do {
            guard let source = tokens.keyRing else {
                return (LiveKeys(try KeyRing(loaded.keys)), nil)
            }
            let vault = database.keyVault(
                secret: source.value.secret.bytes, tokenSeconds: Int64(tokens.accessSeconds),
                hasOtherSigner: loaded.keys.first?.canSign == true)
            var follower = KeyFollower(vault: vault, fixed: loaded.keys)
            let reading = try vault.prepare()
            guard let news = try follower.take(reading) else { throw KeyRingProblem.noSigningKey }
            return (LiveKeys(news.ring), RingInDatabase(vault: vault, follower: follower))
        } catch {
            throw .failed("the keys cannot be used: \(error)")
        }
    }

    /// The issuers whose keys come from a URL; those of files are put in place.
    static func issuerSources(_ loaded: LoadedConfiguration, _ keys: LiveKeys) -> [IssuerPolling.Source] {
        for (index, ring) in loaded.issuerKeys { _ = keys.replaceForeign(index, ring) }
        return loaded.configuration.issuers.indices.compactMap { index in
            guard case .url(let url) = loaded.configuration.issuers[index].keySet.value else { return nil }
            return IssuerPolling.Source(index: index, issuer: loaded.issuers[index], url: url)
        }
    }
}
