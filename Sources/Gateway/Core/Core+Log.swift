import EventLoop
import Telemetry

/// The end of a request: counters and the log line.
extension Core {
    func finish(_ connection: ClientConnection, _ exchange: inout Exchange) {
        guard connection.purpose == .gate else { return }
        let route = exchange.judgement.route
        exchange.record.bytesIn = exchange.body.bytesReceived
        let microseconds = MonotonicClock.microseconds &- exchange.startedMicroseconds
        let place: CoreMetrics.Place =
            if exchange.judgement.isOwn { .accounts } else if let route { .route(route.index) } else { .none }
        metrics.countRequest(
            place, status: exchange.record.status, microseconds: microseconds, bytesIn: exchange.record.bytesIn,
            bytesOut: exchange.record.bytesOut)
        guard log != nil else { return }
        exchange.record.totalMicroseconds = microseconds
        if let route { exchange.record.route = site.routeWords[route.index] }
        exchange.record.decision = decision(exchange)
        log?.append(exchange.record)
    }

    /// What the rule said, in a word.
    private func decision(_ exchange: borrowing Exchange) -> AccessLogLine.Decision {
        if exchange.judgement.isOwn { return .accounts }
        let isRefused = exchange.record.reason != nil && exchange.record.upstream == nil
        guard !isRefused, let route = exchange.judgement.route else { return .refused }
        return switch route.rule {
        case .anyone: .open
        case .user: .user
        case .roles: .role
        }
    }
}
