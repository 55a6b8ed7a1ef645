import Reasons

/// The answer of `/metrics`: the text format 0.0.4 of Prometheus.
///
/// Every family is written with its HELP and TYPE, also while it has no series, and the series in a fixed order, so that
/// two answers can be compared by eye.
package struct PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var text = ""

    /// - Parameter cores: one value a core.
    package static func render(cores: [CoreMetrics], process: ProcessMetrics) -> [UInt8] {
        var sum = CoreMetrics(routeLabels: [])
        for core in cores { sum += core }
        var page = PrometheusText()
        page.writeTraffic(sum)
        page.writeAccounts(sum)
        page.writeProcess(process)
        return Array(page.text.utf8)
    }

    private mutating func writeTraffic(_ sum: CoreMetrics) {
        family(
            "requests_total", .counter, "Requests answered, by route and class of status; 0xx: the client went away.")
        for (key, count) in sum.requests.sorted(by: {
            ($0.key.route, $0.key.statusClass) < ($1.key.route, $1.key.statusClass)
        }) {
            series([("route", key.route), ("status", "\(key.statusClass)xx")], count)
        }
        family("decisions_total", .counter, "Decisions of the gate, by reason; ALLOWED: let through.")
        for (reason, count) in sum.decisions.map({ ($0.key?.code ?? "ALLOWED", $0.value) }).sorted(by: <) {
            series([("reason", reason)], count)
        }
        family(
            "shadow_requests_total", .counter,
            "Requests that a shadow rule would decide about, by what it would have done: same, refuse, allow, other.")
        for line in sum.shadows.everyLine {
            for (outcome, count) in sum.shadows.counted(line) {
                series([("route", line.route), ("rule", line.rule), ("outcome", "\(outcome)")], count)
            }
        }
        histogram(
            "request_duration_seconds", "From the end of the request's head to the end of the answer.",
            sum.requestSeconds)
        family("request_bytes_total", .counter, "Bytes of request bodies.")
        series([], sum.bytesIn)
        family("response_bytes_total", .counter, "Bytes of answer bodies.")
        series([], sum.bytesOut)

        family("upstream_requests_total", .counter, "Requests to upstreams, by how they ended.")
        for (key, count) in sum.upstreams.sorted(by: {
            ($0.key.upstream, "\($0.key.outcome)") < ($1.key.upstream, "\($1.key.outcome)")
        }) {
            series([("upstream", key.upstream), ("outcome", "\(key.outcome)")], count)
        }
        histogram("upstream_duration_seconds", "Until the head of the upstream's answer.", sum.upstreamSeconds)

        family("connections", .gauge, "Open connections.")
        series([("side", "client"), ("state", "active")], sum.connections.clientsActive)
        series([("side", "client"), ("state", "idle")], sum.connections.clientsIdle)
        series([("side", "upstream"), ("state", "active")], sum.connections.upstreamsActive)
        series([("side", "upstream"), ("state", "idle")], sum.connections.upstreamsIdle)
        family("connections_accepted_total", .counter, "Connections accepted from clients.")
        series([], sum.connectionsAccepted)
        family("connections_refused_total", .counter, "Connections closed at once, for want of room.")
        series([], sum.connectionsRefused)
        family("token_cache_total", .counter, "Lookups of access tokens that were verified before.")
        series([("result", "hit")], sum.tokenCacheHits)
        series([("result", "miss")], sum.tokenCacheMisses)
    }

    private mutating func writeAccounts(_ sum: CoreMetrics) {
        for (call, name, help) in [
            (CoreMetrics.AccountsCall.login, "logins_total", "Logins, by outcome."),
            (.register, "registrations_total", "Registrations, by outcome."),
            (.refresh, "refreshes_total", "Refreshes, by outcome."),
            (.logout, "logouts_total", "Logouts, by outcome."),
        ] {
            family(name, .counter, help)
            let outcomes = sum.accounts.filter { $0.key.call == call }
            for (outcome, count) in outcomes.map({ ($0.key.refusal?.code ?? "OK", $0.value) }).sorted(by: <) {
                series([("outcome", outcome)], count)
            }
        }
    }

    private mutating func writeProcess(_ process: ProcessMetrics) {
        family("pool_workers", .gauge, "Threads of a worker pool.")
        for pool in process.pools { series([("pool", pool.name)], UInt64(clamping: pool.workers)) }
        family("pool_queue_length", .gauge, "Jobs that wait for a worker.")
        for pool in process.pools { series([("pool", pool.name)], UInt64(clamping: pool.queued)) }
        family("pool_queue_max", .gauge, "Jobs that may wait; one more is refused.")
        for pool in process.pools { series([("pool", pool.name)], UInt64(clamping: pool.queueMax)) }
        family("pool_rejections_total", .counter, "Jobs refused because the queue was full.")
        for pool in process.pools { series([("pool", pool.name)], pool.rejected) }

        family("revocation_stale_seconds", .gauge, "Seconds since the revocations were last read; +Inf: never.")
        series([], text: process.revocationStaleSeconds.map { "\(max($0, 0))" } ?? "+Inf")
        family("revocations_held", .gauge, "Revocations that are in force.")
        series([], UInt64(clamping: process.revocationsHeld))
        family("database_up", .gauge, "1 when the account database answers.")
        series([], process.isDatabaseUp ? 1 : 0)
        family("draining", .gauge, "1 from TERM to the end of the process.")
        series([], process.isDraining ? 1 : 0)
        family("log_lines_dropped_total", .counter, "Lines of the access log that could not be written.")
        series([], process.logLinesDropped)
        family("cores", .gauge, "Cores that serve requests.")
        series([], UInt64(clamping: process.cores))
        family("start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
        series([], UInt64(clamping: process.startedUnixSeconds))
        family("build_info", .gauge, "Always 1; the version is in the label.")
        series([("version", process.version)], 1)
    }

    // MARK: - The format

    private enum Kind: String { case counter, gauge, histogram }

    /// The name the following `series` belong to, without `gatehouse_`.
    private var name = ""

    private mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP gatehouse_\(name) \(help)\n# TYPE gatehouse_\(name) \(kind.rawValue)\n"
    }

    private mutating func series(_ labels: [(String, String)], _ value: UInt64, suffix: String = "") {
        series(labels, text: "\(value)", suffix: suffix)
    }

    private mutating func series(_ labels: [(String, String)], text value: String, suffix: String = "") {
        text += "gatehouse_\(name)\(suffix)"
        if !labels.isEmpty {
            text += "{"
            text += labels.map { "\($0.0)=\"\(PrometheusText.escape($0.1))\"" }.joined(separator: ",")
            text += "}"
        }
        text += " \(value)\n"
    }

    private mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        family(name, .histogram, help)
        var cumulative: UInt64 = 0
        for (bound, count) in zip(Histogram.boundsMicroseconds, histogram.counts) {
            cumulative &+= count
            series([("le", "\(Double(bound) / 1e6)")], cumulative, suffix: "_bucket")
        }
        cumulative &+= histogram.counts.last ?? 0
        series([("le", "+Inf")], cumulative, suffix: "_bucket")
        series([], text: "\(Double(histogram.sumMicroseconds) / 1e6)", suffix: "_sum")
        series([], cumulative, suffix: "_count")
    }

    /// Backslash, quote and newline are the three characters a label value escapes.
    static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
