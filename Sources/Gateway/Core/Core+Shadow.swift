import Policy
import Reasons
import Telemetry

/// Rules that are tried beside those in force.
extension Core {
    /// Counts what the `shadow` lines would have made of a request, and has the log name it where that is something else.
    @inline(never)
    func noteShadow(_ shadow: ShadowRules, refusal: Reason?, _ exchange: inout Exchange) {
        let input = exchange.input
        let opinion = site.gate.shadowOpinion(
            shadow, exchange.head, input.readable, client: exchange.record.client,
            now: exchange.record.unixMilliseconds / 1000, refusal: refusal, exchange.judgement)
        guard let opinion else { return }
        metrics.countShadow(opinion.line, opinion.outcome)
        guard opinion.outcome != .same else { return }
        exchange.record.shadow = AccessLogLine.Shadow(route: site.shadowWords[opinion.line], reason: opinion.reason)
    }
}
