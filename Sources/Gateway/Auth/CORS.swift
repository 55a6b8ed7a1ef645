import HTTP

/// Cross-origin answers (Fetch §3.3) for the origins that `cors` names, and for nobody else: a stranger's script gets no
/// `Access-Control-Allow-Origin`, so the browser keeps the answer from it.
package struct CORS: Sendable {
    /// How long a browser may remember a preflight.
    static let preflightSeconds = 600

    private let origins: Set<Origin>

    package init(origins: [String]) {
        self.origins = Set(origins.compactMap { Origin(url: $0) })
    }

    /// The fields that belong on an answer to a request with these `Origin` lines.
    ///
    /// `Vary` stands there for strangers too: a cache must not hand them the answer that a friend got.
    package func fields(origin: [[UInt8]]) -> [AuthAnswer.Field] {
        if origins.isEmpty { return [] }
        let vary = AuthAnswer.Field(name: "Vary", value: "Origin")
        guard let allowed = allowed(origin) else { return [vary] }
        return [
            vary,
            AuthAnswer.Field(name: "Access-Control-Allow-Origin", value: allowed),
            AuthAnswer.Field(name: "Access-Control-Allow-Credentials", value: "true"),
            AuthAnswer.Field(name: "Access-Control-Expose-Headers", value: "Retry-After, WWW-Authenticate"),
        ]
    }

    /// The fields of the answer to a preflight; `methods` are those of the path, `headers` what a request to it may
    /// bring along.
    package func preflightFields(
        origin: [[UInt8]], methods: [String], headers: String = "Authorization, Content-Type"
    ) -> [AuthAnswer.Field] {
        if origins.isEmpty { return [] }
        let vary = AuthAnswer.Field(
            name: "Vary", value: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        guard let allowed = allowed(origin) else { return [vary] }
        return [
            vary,
            AuthAnswer.Field(name: "Access-Control-Allow-Origin", value: allowed),
            AuthAnswer.Field(name: "Access-Control-Allow-Credentials", value: "true"),
            AuthAnswer.Field(name: "Access-Control-Allow-Methods", value: methods.joined(separator: ", ")),
            AuthAnswer.Field(name: "Access-Control-Allow-Headers", value: headers),
            AuthAnswer.Field(name: "Access-Control-Max-Age", value: "\(Self.preflightSeconds)"),
        ]
    }

    /// Whether `cors` names this origin.
    package func names(origin: [[UInt8]]) -> Bool { allowed(origin) != nil }

    /// The gateway's own answer to a preflight on a route, for an origin that `cors` names. It reveals nothing: the rule
    /// decides when the request itself comes.
    package func preflight(origin: [[UInt8]]) -> AuthAnswer {
        AuthAnswer(status: 204, fields: preflightFields(origin: origin, methods: Method.allCases.map(\.rawValue)))
    }

    /// The origin as the browser wrote it, which is what it compares with. Its grammar holds nothing that could end a
    /// field line.
    private func allowed(_ origin: [[UInt8]]) -> String? {
        guard origin.count == 1, let first = origin.first, let parsed = Origin(first), origins.contains(parsed) else {
            return nil
        }
        return String(decoding: first, as: UTF8.self)
    }
}
