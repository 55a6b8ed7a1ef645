/// Tells calls that a person's own pages make from calls that another site makes the person's browser send (CSRF, login
/// CSRF). Asked for every unsafe call to `/api/auth`, and for every unsafe call at the gate that a cookie authorises.
///
/// SameSite cookies alone do not do it: they let sibling subdomains through, and a login needs no cookie at all.
package struct CrossSite: Sendable {
    private let trusted: Set<Origin>

    /// `publicURL` and `corsOrigins` as configured; what is not an origin matches nothing.
    package init(publicURL: String, corsOrigins: [String]) {
        trusted = Set(([Origin(url: publicURL)] + corsOrigins.map { Origin(url: $0) }).compactMap { $0 })
    }

    /// Whether the call passes, decided by what only a browser can set, in this order:
    /// 1. an `Origin` that is the public URL's or named in `cors` passes;
    /// 2. otherwise `Sec-Fetch-Site`, if sent, must be `same-origin` or `none`;
    /// 3. otherwise `Origin`, if sent, must have the request's own Host; `null` has none;
    /// 4. with neither it passes: not a browser.
    ///
    /// Fields sent twice are not a browser's either, but whatever sent them must not profit: they are foreign.
    package func passes(origin: [[UInt8]], secFetchSite: [[UInt8]], host: [UInt8]) -> Bool {
        let parsed = origin.count == 1 ? Origin(origin[0]) : nil
        if let parsed, trusted.contains(parsed) { return true }
        if !secFetchSite.isEmpty {
            return secFetchSite == [Array("same-origin".utf8)] || secFetchSite == [Array("none".utf8)]
        }
        if !origin.isEmpty { return parsed?.hasHost(host) ?? false }
        return true
    }

    /// The words of a refusal: the origin, and the directive that would let it in. Only a well-formed origin is quoted,
    /// so nothing else of the request gets into the answer.
    package static func sentence(origin: [[UInt8]]) -> String {
        guard origin.count == 1, let first = origin.first else {
            return "The request comes from another site, or from a page whose origin the browser did not tell."
        }
        guard Origin(first) != nil else {
            return "The request comes from a page without an origin of its own, which is never trusted."
        }
        let name = String(decoding: first, as: UTF8.self)
        return "The request comes from another site, \(name). To trust it, add `cors \(name)` to gateway.conf."
    }
}
