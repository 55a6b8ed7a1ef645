import EventLoop
import Telemetry

/// The end of a request: counters and the log line.
extension Core {
    func finish(_ connection: ClientConnection, _ exchange: Exchange) {
        guard connection.purpose == .gate else { return }
        let record = exchange.record
        let microseconds = MonotonicClock.microseconds &- record.startedMicroseconds
        let place: CoreMetrics.Place =
            if exchange.judgement.isOwn { .accounts } else { exchange.judgement.route.map { .route($0) } ?? .none }
        metrics.countRequest(
            place, status: record.status, microseconds: microseconds, bytesIn: record.bytesIn,
            bytesOut: record.bytesOut)
        guard log != nil else { return }
        var line = AccessLogLine(
            unixMilliseconds: record.unixMilliseconds, requestID: record.requestID, client: record.client)
        line.method = record.method
        line.path = record.path
        line.status = record.status
        line.code = record.reason?.code
        line.route = exchange.judgement.route.map { site.routes.routes[$0].name }
        line.decision = decision(exchange)
        line.user = record.user
        line.session = record.session
        line.upstream = record.upstream
        line.bytesIn = record.bytesIn
        line.bytesOut = record.bytesOut
        line.totalMicroseconds = microseconds
        line.upstreamMicroseconds = record.upstreamMicroseconds
        line.userAgent = record.userAgent
        line.referer = record.referer
        log?.append(line)
    }

    /// What the rule said, in a word.
    private func decision(_ exchange: Exchange) -> String {
        if exchange.judgement.isOwn { return "accounts" }
        guard exchange.record.upstream.isEmpty, exchange.record.reason != nil else {
            guard let route = exchange.judgement.route else { return "refused" }
            switch site.routes.routes[route].rule {
            case .anyone: return "public"
            case .user: return "user"
            case .roles: return "role"
            }
        }
        return "refused"
    }
}
