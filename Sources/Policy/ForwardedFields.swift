import Config
import HTTP

/// What happens to each field that a client sends before its request goes upstream. Compiled once, when the
/// configuration loads.
///
/// Names are compared folded: any case, and every byte but letters and digits standing for `-`. Behind CGI, WSGI, Rack or
/// PHP, `X_User_Id` and `X.User.Id` are `X-User-Id` (oauth2-proxy CVE-2025-64484), so a name that only looks like one
/// that matters here never passes.
package final class ForwardedFields: Sendable {
    package enum Action: Sendable, Equatable {
        /// Goes upstream as sent.
        case keep
        /// Does not go upstream. The gateway may write a field of that name itself.
        case drop
        /// The request is answered 400.
        case refuse
    }

    /// What a name means to the gateway.
    private enum Meaning {
        /// Who is calling. Nobody but the gateway says that, however it is spelled and whoever the peer is.
        case identity
        /// Framing, hop-by-hop, or written by the gateway itself.
        case ours
        /// Where a request came from or was meant to go: believed of trusted proxies only.
        case claimOfAProxy
        /// Passes in its own spelling; a name that only folds to it does not.
        case passing
    }

    private struct Entry {
        let first: UInt8
        let name: FoldedName
        let meaning: Meaning
    }

    /// By the length of the name. Nearly every field is sorted out by its length and its first byte.
    private let entries: [[Entry]]
    private let underscores: Configuration.UnderscoreHeaders

    package init(_ configuration: Configuration) {
        underscores = configuration.underscoreHeaders
        var meanings: [FoldedName: Meaning] = [:]
        for (names, meaning) in [
            (Self.passing, Meaning.passing), (Self.claimsOfProxies, .claimOfAProxy), (Self.ours, .ours),
            (Self.defaultIdentity, .identity), (configuration.identityHeaders.names, .identity),
        ] {
            for name in names { meanings[FoldedName(name)] = meaning }
        }
        let longest = meanings.keys.map(\.bytes.count).max() ?? 0
        var entries = [[Entry]](repeating: [], count: longest + 1)
        for (name, meaning) in meanings {
            entries[name.bytes.count].append(
                Entry(first: name.bytes.first ?? 0, name: name, meaning: meaning))
        }
        self.entries = entries
    }

    /// - Parameter name: the field name as sent, a token.
    /// - Parameter fromTrustedPeer: whether the peer is in `trusted-proxies`.
    package func action(for name: borrowing Span<UInt8>, fromTrustedPeer: Bool) -> Action {
        if Self.isForwardedFamily(name) { return fromTrustedPeer && Self.isPlain(name) ? .keep : .drop }
        switch meaning(of: name) {
        case .identity, .ours: return .drop
        case .claimOfAProxy: return fromTrustedPeer && Self.isPlain(name) ? .keep : .drop
        case .passing: return Self.isPlain(name) ? .keep : underscores == .refuse ? .refuse : .drop
        case nil: break
        }
        guard Self.hasUnderscore(name) else { return .keep }
        return switch underscores {
        case .drop: .drop
        case .refuse: .refuse
        case .pass: .keep
        }
    }

    private func meaning(of name: borrowing Span<UInt8>) -> Meaning? {
        guard name.count > 0, name.count < entries.count else { return nil }
        let first = FoldedName.fold(name[0])
        for index in entries[name.count].indices {
            guard entries[name.count][index].first == first else { continue }
            if entries[name.count][index].name.matches(name) { return entries[name.count][index].meaning }
        }
        return nil
    }

    /// `X-Forwarded-` and whatever follows it, in any spelling.
    private static func isForwardedFamily(_ name: borrowing Span<UInt8>) -> Bool {
        guard name.count >= forwardedPrefix.bytes.count, name[0] | 0x20 == UInt8(ascii: "x") else { return false }
        return forwardedPrefix.matches(name.extracting(0..<forwardedPrefix.bytes.count))
    }

    /// Whether a name has letters, digits and `-` only, as all names have that this file knows.
    private static func isPlain(_ name: borrowing Span<UInt8>) -> Bool {
        for index in name.indices where FoldedName.fold(name[index]) == dash && name[index] != dash { return false }
        return true
    }

    private static func hasUnderscore(_ name: borrowing Span<UInt8>) -> Bool {
        for index in name.indices where name[index] == UInt8(ascii: "_") { return true }
        return false
    }

    private static let dash = UInt8(ascii: "-")
    private static let forwardedPrefix = FoldedName("X-Forwarded-")
}

extension ForwardedFields {
    /// Removed even when other names are configured: a backend may still read the default ones, and `X-User-Role` is what
    /// many read in place of `X-User-Roles`.
    private static let defaultIdentity = Configuration.IdentityHeaders().names + ["X-User-Role"]

    /// Meant for one connection (RFC 9110 §7.6.1).
    private static let hopByHop = [
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
        "Proxy-Connection", "TE", "Trailer", "Upgrade", "HTTP2-Settings",
    ]

    /// Framing, which the gateway decides anew; and what it writes itself.
    private static let ours =
        hopByHop + ["Content-Length", "Transfer-Encoding", "Expect", "Via", "X-Request-Id", "traceparent", debugName]

    /// Carries the secret of `debug-header`, and never goes upstream.
    package static let debugName = "X-Gatehouse-Debug"

    /// What a proxy in front may say and a client may not. `Proxy` becomes `HTTP_PROXY` in a CGI environment (httpoxy,
    /// CVE-2016-5385); the method overrides let a `GET` through the rules that a backend takes for a `DELETE`.
    private static let claimsOfProxies = [
        "Forwarded", "X-Real-IP", "X-Original-URL", "X-Original-URI", "X-Rewrite-URL", "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override", "Proxy",
    ]

    /// Passed on as sent, or handled by the caller.
    private static let passing = ["Host", "Authorization", "Cookie", "Content-Type"]
}
