import Config
import HTTP
import Policy
import Reasons

/// Only requests on routes with conditions come here: what conditions ask is gathered, and nothing of it is kept.
extension Gate {
    /// - Throws: why the conditions of the route do not let the request through.
    func checkConditions(
        of route: CompiledRoute, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, client: String,
        now: Int64,
        _ judgement: borrowing Judgement
    ) throws(Reason) {
        let facts = facts(of: route, head, bytes, client: client, now: now, judgement)
        guard let refusal = route.refusal(of: facts) else { return }
        // To somebody whose token is bad, that is the reason, not that there is none.
        throw refusal == .tokenMissing ? judgement.whyNobody : refusal
    }

    private func facts(
        of route: CompiledRoute, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, client: String,
        now: Int64,
        _ judgement: borrowing Judgement
    ) -> Facts {
        var facts = Facts()
        facts.roles = judgement.bearer?.claims.roles
        facts.claims = judgement.bearer?.claims.kept ?? [:]
        facts.withheldClaims = judgement.bearer?.claims.withheld ?? []
        facts.address = IPAddress.bytes(of: client)
        facts.method.append(bytes, head.method)
        if head.host.isEmpty {
            let host = fallbackHost
            facts.host = Facts.hostKey(host.span)
        } else {
            facts.host = Facts.hostKey(bytes.extracting(head.hostName))
        }
        facts.path = judgement.path.bytes
        facts.isPathPlain = judgement.path.needs.isEmpty
        if let query = head.query { facts.query.append(bytes, query) }
        if !route.askedFields.isEmpty { facts.fields = fields(route.askedFields, head, bytes) }
        facts.unixSeconds = now
        return facts
    }

    /// Where the decision about a request was made, for whoever knows the secret of `debug-header`: the route, its line, and
    /// the line of the condition that is not met.
    func whereDecided(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, client: String, now: Int64,
        _ judgement: borrowing Judgement
    ) -> String {
        guard let route = judgement.route else { return "no route" }
        var note = "route \"\(route.name)\" at \(route.place.file):\(route.place.line)"
        if route.hasConditions, !judgement.isPreflight {
            let facts = facts(of: route, head, bytes, client: client, now: now, judgement)
            if let unmet = route.unmet(by: facts) { note += ", condition at \(unmet.place.file):\(unmet.place.line)" }
        }
        return note
    }

    /// The fields of these names that a backend would get, in whatever spelling it would get them.
    private func fields(
        _ asked: [FoldedName], _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>
    ) -> [(name: [UInt8], value: [UInt8])] {
        var fields: [(name: [UInt8], value: [UInt8])] = []
        for index in 0..<head.fieldCount {
            let field = head.field(at: index)
            let name = bytes.extracting(field.name)
            var isAsked = false
            for folded in asked where folded.matches(name) { isAsked = true }
            guard isAsked, !field.isHopByHop, filter?.action(for: name, fromTrustedPeer: false) ?? .keep != .drop else {
                continue
            }
            var (copiedName, value): ([UInt8], [UInt8]) = ([], [])
            copiedName.append(bytes, field.name)
            value.append(bytes, field.value)
            fields.append((copiedName, value))
        }
        return fields
    }
}
