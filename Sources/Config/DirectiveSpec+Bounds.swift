extension DirectiveSpec {
    private static let hourMs = 3_600_000

    /// `timeouts { … }` and `sizes { … }`.
    static let bounds: [DirectiveSpec] =
        [
            DirectiveSpec(
                name: "timeouts", context: .top, arguments: "{ … }", opens: .timeouts,
                purpose: """
                    How long the gateway waits. All but `head` may also stand in the `timeouts` block of an upstream.
                    """)
        ]
        + timeoutFields.flatMap { field in
            field.isPerUpstream
                ? [field.spec(in: .timeouts), field.spec(in: .upstreamTimeouts)] : [field.spec(in: .timeouts)]
        }
        + [
            DirectiveSpec(
                name: "sizes", context: .top, arguments: "{ … }", opens: .sizes,
                purpose: "How much of a request the gateway takes."),
            DirectiveSpec(
                name: "head", context: .sizes, arguments: "SIZE", standard: "32k",
                purpose: "The request line and all fields together; more is answered 431."
            ) { draft in
                if let bytes = draft.size(in: 1_024...(1 << 20)) { draft.configuration.sizes.headBytes = bytes }
            },
            DirectiveSpec(
                name: "target", context: .sizes, arguments: "SIZE", standard: "8k",
                purpose: "Path and query; more is answered 414. Not above `head`."
            ) { draft in
                if let bytes = draft.size(in: 256...(1 << 20)) { draft.configuration.sizes.targetBytes = bytes }
            },
            DirectiveSpec(
                name: "fields", context: .sizes, arguments: "COUNT", standard: "100",
                purpose: "Field lines in one head; more is answered 431."
            ) { draft in
                if let count = draft.count(in: 8...1_000, of: "a number of fields") {
                    draft.configuration.sizes.fields = count
                }
            },
            DirectiveSpec(
                name: "body", context: .sizes, arguments: "SIZE | off", standard: "off",
                purpose: """
                    The body of a proxied request; more is answered 413. Bodies stream through small buffers, so a limit \
                    protects the backend and not the gateway. Calls to `/api/auth` take 10 KiB whatever stands here.
                    """
            ) { draft in
                if draft.peek?.text == "off" {
                    _ = draft.take()
                    draft.configuration.sizes.bodyBytes = nil
                } else if let bytes = draft.size(in: 0...(1 << 40)) {
                    draft.configuration.sizes.bodyBytes = UInt64(bytes)
                }
            },
        ]

    /// One timeout, which stands in `timeouts` at the top and, unless it is over before the upstream is known, in an
    /// upstream too.
    private struct TimeoutField {
        let name: String
        let standard: String
        let field: any WritableKeyPath<Configuration.Timeouts, Int> & Sendable
        var isPerUpstream = true
        let purpose: String

        func spec(in context: Context) -> DirectiveSpec {
            DirectiveSpec(
                name: name, context: context, arguments: "DURATION",
                standard: context == .timeouts ? standard : "as in the file's `timeouts`", purpose: purpose
            ) { [field] draft in
                guard let milliseconds = draft.duration(in: 1...(24 * hourMs)) else { return }
                if context == .timeouts {
                    draft.configuration.timeouts[keyPath: field] = milliseconds
                } else {
                    let index = draft.configuration.upstreams.count
                    draft.upstreamTimeouts.append(
                        .init(upstreamIndex: index, field: field, milliseconds: milliseconds))
                }
            }
        }
    }

    private static let timeoutFields: [TimeoutField] = [
        TimeoutField(
            name: "head", standard: "10s", field: \.headMs, isPerUpstream: false,
            purpose: """
                From the first byte of a request's head to its last: what ends clients that send a byte now and then \
                to hold a connection.
                """),
        TimeoutField(
            name: "body-idle", standard: "30s", field: \.bodyIdleMs,
            purpose: "Between two pieces of a request's body. An upload may take as long as it likes while it moves."),
        TimeoutField(
            name: "keep-alive", standard: "60s", field: \.keepAliveMs,
            purpose: "Between two requests on a connection; in an upstream, on a connection to one of its servers."),
        TimeoutField(
            name: "connect", standard: "5s", field: \.connectMs,
            purpose: "Until the connection to a server stands; over it, 504."),
        TimeoutField(
            name: "answer", standard: "60s", field: \.answerMs,
            purpose:
                "From the end of a request to the head of the server's answer; over it, 504. Raise it for slow reports."
        ),
        TimeoutField(
            name: "answer-idle", standard: "10m", field: \.answerIdleMs,
            purpose: "Between two pieces of an answer. Long, because event streams may be silent."),
    ]
}
