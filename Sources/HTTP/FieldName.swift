/// The field names that the gateway itself reads, sets or removes, as integers: hot code switches on them instead of
/// comparing text. Every other name is carried as bytes.
package enum FieldName: UInt8, Sendable, CaseIterable {
    // Framing, routing of the message and the connection (RFC 9112).
    case host, contentLength, transferEncoding, connection, keepAlive, proxyConnection, te, trailer, upgrade, expect
    // Credentials and cookies.
    case authorization, proxyAuthorization, proxyAuthenticate, wwwAuthenticate, cookie, setCookie
    // Who forwarded, and for whom (RFC 7239 and its predecessors).
    case via, forwarded, xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort, xRealIP, xRequestID
    case traceparent, tracestate
    // Fields by which a backend may take another path or method than the one that was ruled on.
    case xOriginalURL, xRewriteURL, xHTTPMethodOverride, xHTTPMethod, xMethodOverride, proxy
    // Cross-site requests (Fetch).
    case origin, secFetchSite, accessControlRequestMethod, accessControlRequestHeaders, accessControlAllowOrigin
    case accessControlAllowCredentials, vary
    // WebSocket (RFC 6455).
    case secWebSocketKey, secWebSocketVersion, secWebSocketAccept
    // Content and the rest.
    case accept, contentType, userAgent, referer, date, server, location, cacheControl, allow, retryAfter
    case strictTransportSecurity
}

extension FieldName {
    /// The name in lower case, as it is compared (RFC 9110 §5.1: names are case-insensitive).
    package var folded: String {
        switch self {
        case .host: "host"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .connection: "connection"
        case .keepAlive: "keep-alive"
        case .proxyConnection: "proxy-connection"
        case .te: "te"
        case .trailer: "trailer"
        case .upgrade: "upgrade"
        case .expect: "expect"
        case .authorization: "authorization"
        case .proxyAuthorization: "proxy-authorization"
        case .proxyAuthenticate: "proxy-authenticate"
        case .wwwAuthenticate: "www-authenticate"
        case .cookie: "cookie"
        case .setCookie: "set-cookie"
        case .via: "via"
        case .forwarded: "forwarded"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedProto: "x-forwarded-proto"
        case .xForwardedHost: "x-forwarded-host"
        case .xForwardedPort: "x-forwarded-port"
        case .xRealIP: "x-real-ip"
        case .xRequestID: "x-request-id"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .xOriginalURL: "x-original-url"
        case .xRewriteURL: "x-rewrite-url"
        case .xHTTPMethodOverride: "x-http-method-override"
        case .xHTTPMethod: "x-http-method"
        case .xMethodOverride: "x-method-override"
        case .proxy: "proxy"
        case .origin: "origin"
        case .secFetchSite: "sec-fetch-site"
        case .accessControlRequestMethod: "access-control-request-method"
        case .accessControlRequestHeaders: "access-control-request-headers"
        case .accessControlAllowOrigin: "access-control-allow-origin"
        case .accessControlAllowCredentials: "access-control-allow-credentials"
        case .vary: "vary"
        case .secWebSocketKey: "sec-websocket-key"
        case .secWebSocketVersion: "sec-websocket-version"
        case .secWebSocketAccept: "sec-websocket-accept"
        case .accept: "accept"
        case .contentType: "content-type"
        case .userAgent: "user-agent"
        case .referer: "referer"
        case .date: "date"
        case .server: "server"
        case .location: "location"
        case .cacheControl: "cache-control"
        case .allow: "allow"
        case .retryAfter: "retry-after"
        case .strictTransportSecurity: "strict-transport-security"
        }
    }

    /// Whether the field is about this connection only and so never crosses a proxy (RFC 9110 §7.6.1, and the older
    /// fields of RFC 2616 §13.5.1 that peers still send).
    package var isHopByHop: Bool {
        switch self {
        case .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade, .proxyAuthorization,
            .proxyAuthenticate:
            true
        default: false
        }
    }

    /// All names one after the other, in the order of their numbers, and where each begins.
    private static let letters = allCases.flatMap { Array($0.folded.utf8) }
    private static let starts = allCases.reduce(into: [0]) { starts, name in
        starts.append(starts[starts.count - 1] + name.folded.utf8.count)
    }

    /// The known name that these bytes spell, in any mix of ASCII case; nil for every other name.
    package static func lookup(_ bytes: borrowing Span<UInt8>) -> FieldName? {
        guard let candidate = candidate(bytes) else { return nil }
        let start = starts[Int(candidate.rawValue)]
        guard starts[Int(candidate.rawValue) + 1] - start == bytes.count else { return nil }
        let letters = letters
        let name = letters.span.extracting(start..<start + bytes.count)
        // The names are letters (which alone have bit 0x40) and dashes; the bit 0x20 is a letter's case.
        var difference: UInt8 = 0
        for index in bytes.indices {
            let letter = name[index]
            let caseBit = (letter & 0x40) >> 1
            difference |= (bytes[index] ^ letter) & ~caseBit
        }
        return difference == 0 ? candidate : nil
    }

    /// The only known name that `bytes` could be, told by its length and a byte or two.
    private static func candidate(_ bytes: borrowing Span<UInt8>) -> FieldName? {
        guard !bytes.isEmpty else { return nil }
        switch (bytes.count, letter(bytes, 0)) {
        case (2, "t"): return .te
        case (3, "v"): return .via
        case (4, "d"): return .date
        case (4, "h"): return .host
        case (4, "v"): return .vary
        case (5, "a"): return .allow
        case (5, "p"): return .proxy
        case (6, "a"): return .accept
        case (6, "c"): return .cookie
        case (6, "e"): return .expect
        case (6, "o"): return .origin
        case (6, "s"): return .server
        case (7, "r"): return .referer
        case (7, "t"): return .trailer
        case (7, "u"): return .upgrade
        case (8, "l"): return .location
        case (9, "f"): return .forwarded
        case (9, "x"): return .xRealIP
        case (10, "c"): return .connection
        case (10, "k"): return .keepAlive
        case (10, "s"): return .setCookie
        case (10, "t"): return .tracestate
        case (10, "u"): return .userAgent
        case (11, "r"): return .retryAfter
        case (11, "t"): return .traceparent
        case (12, "c"): return .contentType
        case (12, "x"): return .xRequestID
        case (13, "a"): return .authorization
        case (13, "c"): return .cacheControl
        case (13, "x"): return letter(bytes, 2) == "r" ? .xRewriteURL : .xHTTPMethod
        case (14, "c"): return .contentLength
        case (14, "s"): return .secFetchSite
        case (14, "x"): return .xOriginalURL
        case (15, "x"): return .xForwardedFor
        case (16, "p"): return .proxyConnection
        case (16, "w"): return .wwwAuthenticate
        case (16, "x"): return letter(bytes, 12) == "h" ? .xForwardedHost : .xForwardedPort
        case (17, "s"): return .secWebSocketKey
        case (17, "t"): return .transferEncoding
        case (17, "x"): return letter(bytes, 2) == "f" ? .xForwardedProto : .xMethodOverride
        case (18, "p"): return .proxyAuthenticate
        case (19, "p"): return .proxyAuthorization
        case (20, "s"): return .secWebSocketAccept
        case (21, "s"): return .secWebSocketVersion
        case (22, "x"): return .xHTTPMethodOverride
        case (25, "s"): return .strictTransportSecurity
        case (27, "a"): return .accessControlAllowOrigin
        case (29, "a"): return .accessControlRequestMethod
        case (30, "a"): return .accessControlRequestHeaders
        case (32, "a"): return .accessControlAllowCredentials
        default: return nil
        }
    }

    private static func letter(_ bytes: borrowing Span<UInt8>, _ index: Int) -> Unicode.Scalar {
        Unicode.Scalar(Grammar.fold(bytes[index]))
    }
}
