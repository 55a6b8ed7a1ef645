import Storage
import Tokens

/// The database behind the accounts, for rooms that must open and close it and have no business with what is in it.
package struct AccountDatabase: Sendable {
    package enum Location: Sendable {
        case sqlite(path: String)
        /// A libpq URL; it may hold a password.
        case postgres(url: String)
    }

    /// Why it cannot be opened, in words for an operator.
    package struct OpenFailure: Error, Sendable {
        package let words: String
    }

    private let store: Store

    /// Opens it and brings its schema up to date. Blocks.
    ///
    /// - Parameter audit: what makes a chain of the audit and tells the log of each event.
    package init(opening location: Location, audit: AuditChain) throws(OpenFailure) {
        do {
            switch location {
            case .sqlite(let path): store = try Store.open(.sqlite(path: path), sealing: audit)
            case .postgres(let url): store = try Store.open(.postgres(url: url), sealing: audit)
            }
        } catch {
            throw OpenFailure(words: "\(error)")
        }
    }

    /// Has the audit chained by other keys from now on.
    package func audit(with chain: AuditChain) { store.seal(with: chain) }

    package func service(
        settings: AccountSettings, issuer: TokenIssuer, workers: any AccountWorkers,
        now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (String) -> Void
    ) -> AccountService {
        AccountService(
            settings: settings, store: store, issuer: issuer, workers: workers, now: now, report: report)
    }

    package var revocations: RevocationFeed { RevocationFeed(store: store) }

    /// - Parameter tokenSeconds: how long this gateway's access tokens live.
    package func keyVault(secret: [UInt8], tokenSeconds: Int64, hasOtherSigner: Bool) -> KeyVault {
        KeyVault(store: store, secret: secret, tokenSeconds: tokenSeconds, hasOtherSigner: hasOtherSigner)
    }

    package func housekeeper(settings: AccountSettings, holder: String) -> Housekeeper {
        Housekeeper(settings: settings, store: store, holder: holder)
    }

    package func close() { store.close() }
}
