import Config
import HTTP

/// What happens to each field that a client sends before its request goes upstream. Compiled once.
package struct ForwardedFields: Sendable {
    package enum Action: Sendable, Equatable {
        /// Goes upstream as sent.
        case keep
        /// Does not go upstream. The gateway may write a field of that name itself.
        case drop
        /// The request is answered 400.
        case refuse
    }

    package init(_ configuration: Configuration) {}

    /// - Parameter name: the field name as sent.
    /// - Parameter fromTrustedPeer: whether the peer is in `trusted-proxies`.
    package func action(for name: borrowing Span<UInt8>, fromTrustedPeer: Bool) -> Action { .keep }

    /// Whether `Connection` may list this name. Framing, `Host`, `Authorization`, identity and the gateway's own
    /// fields may not be named there: a request that does is refused.
    package func mayBeListedInConnection(_ name: borrowing Span<UInt8>) -> Bool { true }
}
