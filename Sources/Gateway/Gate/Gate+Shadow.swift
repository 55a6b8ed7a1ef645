import HTTP
import Policy
import Reasons
import Telemetry

/// What a `shadow` line would have made of a request.
struct ShadowOpinion {
    /// The line's place in `ShadowRules.routes`.
    let line: Int
    let outcome: ShadowMetrics.Outcome
    /// Nil: it would have let it through.
    let reason: Reason?
}

/// Only where there are `shadow` lines: the request is routed and judged once more, as if they were in force.
extension Gate {
    /// Asked after `judge`, with what that found out.
    ///
    /// - Parameter refusal: what was decided; nil is "let through".
    /// - Returns: nil when no `shadow` line would decide about the request, or no rule did.
    func shadowOpinion(
        _ shadow: ShadowRules, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, client: String,
        now: Int64, refusal: Reason?, _ judgement: borrowing Judgement
    ) -> ShadowOpinion? {
        guard isAboutRules(refusal), !judgement.isOwn, !judgement.isPreflight,
            let route = try? route(
                in: shadow.table, method: bytes.extracting(head.method), head, bytes, judgement.path),
            let line = shadow.number(of: route)
        else { return nil }
        var reason = route.refusal(of: facts(of: route, head, bytes, client: client, now: now, judgement))
        if reason == .tokenMissing { reason = judgement.whyNobody }
        let outcome: ShadowMetrics.Outcome =
            switch (refusal, reason) {
            case (nil, nil): judgement.route?.upstreamIndex == route.upstreamIndex ? .same : .other
            case (nil, _): .refuse
            case (_, nil): .allow
            case (let refusal, let reason): refusal == reason ? .same : .other
            }
        return ShadowOpinion(line: line, outcome: outcome, reason: reason)
    }

    /// Whether the rules have decided, rather than something that comes before them.
    private func isAboutRules(_ refusal: Reason?) -> Bool {
        switch refusal {
        case nil, .noRoute, .tokenMissing, .tokenInvalid, .tokenExpired, .tokenRevoked, .forbidden, .conditionNotMet,
            .crossSite:
            true
        default: false
        }
    }
}
