import Crypto
import Encoding
import Reasons
import Storage
import Tokens

/// The use cases: what a person or a client can do with an account and its sessions. What an administrator can do is in
/// `Administration`.
///
/// Each is one function, in a file of its own, that reads top to bottom: check the shape, take a throttle slot, hash if
/// need be, then one transaction, then the answer with everything that the transaction ended.
package struct AccountService: Sendable {
    package let settings: AccountSettings
    let store: Store
    let issuer: TokenIssuer
    let workers: any AccountWorkers
    /// Unix seconds: what tokens are dated by. Sessions and refresh tokens live by the database's clock.
    package let now: @Sendable () -> Int64
    private let report: @Sendable (String) -> Void

    var ending: SessionEnding { SessionEnding(issuer: settings.issuer) }

    /// `report` gets what went wrong on our side, in words for the operator; clients see only its code.
    package init(
        settings: AccountSettings, store: Store, issuer: TokenIssuer, workers: any AccountWorkers,
        now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.settings = settings
        self.store = store
        self.issuer = issuer
        self.workers = workers
        self.now = now
        self.report = report
    }

    /// The one place where failures become refusals.
    func settle<Value: Sendable>(_ body: () async throws -> Settled<Value>) async -> Settled<Value> {
        do {
            return try await body()
        } catch let refusal as Refusal {
            return Settled(.failure(refusal))
        } catch let reason as Reason {
            return Settled(.failure(Refusal(reason)))
        } catch let error as StorageError {
            // After an unknown commit too: whoever asks again finds out what happened. A refresh then gets its
            // successor through the grace, a logout ends what is left, a registration learns that the email is taken.
            report("\(error)")
            return Settled(.failure(Refusal(error.isOutage ? .storeUnavailable : .internalError)))
        } catch {
            report("\(error)")
            return Settled(.failure(Refusal(.internalError)))
        }
    }

    /// A fresh id of a user, a session or a token.
    static func freshID() throws(CryptoError) -> String {
        UUIDText.version4(try Randomness.uint64(), try Randomness.uint64())
    }
}
