import Bytes
import HTTP
import Policy
import Reasons
import Tokens

/// `access-cookie on`: the access token in a cookie, and what has to be minded because a browser sends cookies along with
/// whatever another site's page makes it send.
struct CookieAccess: Sendable {
    let cookie: AccessCookie
    let crossSite: CrossSite
}

extension Gate {
    /// Where the access token of a request is: in `Authorization`, else in the cookie. Nil when there is none.
    ///
    /// - Throws: `.ambiguousCredentials` when the two are there and speak of different sessions: whose request is it?
    func findToken(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, tokens: borrowing TokenGate, now: Int64,
        _ judgement: inout Judgement
    ) throws(Reason) -> Range<Int>? {
        let inHeader: Range<Int>?
        if case .token(let range) = try BearerToken.find(in: head, bytes) { inHeader = range } else { inHeader = nil }
        guard let cookieAccess, let inCookie = try cookieAccess.cookie.find(in: head, bytes) else { return inHeader }
        guard let inHeader else {
            // Another scheme is a credential too, though not one of ours.
            if head.has(.authorization) { return nil }
            judgement.isByCookie = true
            return inCookie
        }
        // A page's script refreshes and the browser has the new cookie before every tab has the new token: the same
        // session in both places is one credential.
        let agree =
            AccessCookie.areEqual(bytes, inHeader, inCookie)
            || tokens.areOfOneSession(bytes.extracting(inHeader), bytes.extracting(inCookie), now: now)
        guard agree else { throw .ambiguousCredentials }
        return inHeader
    }

    /// A cookie authorises nothing that another site's page may have asked for: its bearer is nobody then, and passes only
    /// where it is public.
    func distrustCrossSite(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, _ judgement: inout Judgement
    ) {
        guard let cookieAccess, judgement.isByCookie, !Self.isSafe(head),
            !cookieAccess.crossSite.passes(
                origin: Self.values(of: .origin, head, bytes),
                secFetchSite: Self.values(of: .secFetchSite, head, bytes),
                host: Self.copy(bytes, head.host))
        else { return }
        judgement.bearer = nil
        judgement.whyNobody = .crossSite
    }

    /// RFC 9110 §9.2.1, of the methods that are let in.
    private static func isSafe(_ head: borrowing RequestHead) -> Bool {
        switch head.knownMethod {
        case .get, .head, .options: true
        default: false
        }
    }

    private static func values(
        of name: FieldName, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>
    ) -> [[UInt8]] {
        guard head.has(name) else { return [] }
        var values: [[UInt8]] = []
        for index in 0..<head.fieldCount where head.field(at: index).known == name {
            values.append(copy(bytes, head.field(at: index).value))
        }
        return values
    }

    private static func copy(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var copied: [UInt8] = []
        copied.append(bytes, range)
        return copied
    }
}
