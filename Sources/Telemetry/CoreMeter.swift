import Reasons

/// Where one core counts. It belongs to the core and needs no lock; `counted` is a copy for whoever asks.
///
/// An object, whose state nobody else can reach: as a value inside of the core each count would be a checked access
/// (`docs/decisions/0008-hot-path.md`).
package final class CoreMeter {
    /// What has been counted so far.
    package var counted: CoreMetrics { metrics }
    private var metrics: CoreMetrics

    /// - Parameters: as for `CoreMetrics`.
    package init(routeLabels: [String], upstreamNames: [String] = [], shadowLines: [ShadowMetrics.Line] = []) {
        metrics = CoreMetrics(routeLabels: routeLabels, upstreamNames: upstreamNames, shadowLines: shadowLines)
    }

    package func countRequest(
        _ place: CoreMetrics.Place, status: UInt16, microseconds: UInt64, bytesIn: UInt64, bytesOut: UInt64
    ) {
        metrics.countRequest(place, status: status, microseconds: microseconds, bytesIn: bytesIn, bytesOut: bytesOut)
    }

    package func countDecision(_ refusal: Reason?) { metrics.countDecision(refusal) }

    package func countShadow(_ line: Int, _ outcome: ShadowMetrics.Outcome) { metrics.countShadow(line, outcome) }

    package func countUpstream(_ upstream: Int, _ outcome: CoreMetrics.UpstreamOutcome, microseconds: UInt64? = nil) {
        metrics.countUpstream(upstream, outcome, microseconds: microseconds)
    }

    package func countAccounts(_ call: CoreMetrics.AccountsCall, refusal: Reason?) {
        metrics.countAccounts(call, refusal: refusal)
    }

    package func countTokenCache(isHit: Bool) { metrics.countTokenCache(isHit: isHit) }
    package func countConnectionAccepted() { metrics.countConnectionAccepted() }
    package func countConnectionRefused() { metrics.countConnectionRefused() }
}
