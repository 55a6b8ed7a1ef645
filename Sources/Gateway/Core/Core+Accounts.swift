import HTTP
import Reasons
import Telemetry
import Tokens

/// `/api/auth`: the request's head and body as one value, and the answer to it.
extension Core {
    func answerAccounts(_ connection: ClientConnection, _ exchange: inout Exchange) async throws(Reason) {
        if !connection.peer.isTrusted, exchange.head.has(.xForwardedFor) {
            site.untrustedProxies.note(connection.peer.text)
        }
        var request = accountsRequest(&exchange)
        if let answer = site.auth.admission(request) {
            await send(answer, connection, &exchange)
            return
        }
        if request.hasBody {
            request.body = try await readBody(connection, &exchange, bytesMax: UInt64(AuthAPI.bodyBytesMax))
            request.bearer = checkedAgain(request)
        }
        let answer = await site.auth.answer(request)
        if answer.user != nil || answer.session != nil {
            exchange.record.bearer = LogBearer(
                user: answer.user.map { LogWord($0) }, session: answer.session.map { LogWord($0) })
        }
        count(request.path, answer)
        await send(answer, connection, &exchange)
    }

    /// The bearer as of now. A body takes as long as its sender likes, and a token that was revoked in the meantime must
    /// not act because its head came in time.
    private func checkedAgain(_ request: AuthRequest) -> Result<Claims, Reason> {
        guard case .success = request.bearer, let token = request.bearerToken else { return request.bearer }
        var isHit = false
        do throws(Reason) {
            return .success(try tokens.check(token.span, now: clock.seconds, isHit: &isHit).claims)
        } catch {
            return .failure(error)
        }
    }

    private func accountsRequest(_ exchange: inout Exchange) -> AuthRequest {
        let input = exchange.input
        let bytes = input.readable
        var request = AuthRequest(
            method: String(decoding: exchange.record.method, as: UTF8.self),
            path: exchange.record.path, clientAddress: exchange.record.client, requestID: exchange.requestID.text)
        request.host = copy(bytes, exchange.head.host)
        request.origin = values(of: .origin, exchange.head, bytes)
        request.secFetchSite = values(of: .secFetchSite, exchange.head, bytes)
        request.cookies = values(of: .cookie, exchange.head, bytes)
        request.contentType = values(of: .contentType, exchange.head, bytes)
        request.userAgent = exchange.head.first(.userAgent).map { copy(bytes, $0.value) }
        request.corsRequestMethod = exchange.head.first(.accessControlRequestMethod).map { copy(bytes, $0.value) }
        request.hasBody =
            switch exchange.head.framing {
            case .none, .untilClose: false
            case .length(let length): length > 0
            case .chunked: true
            }
        request.bearer =
            exchange.judgement.bearer.map { .success($0.claims) } ?? .failure(exchange.judgement.whyNobody)
        request.bearerToken = exchange.judgement.token.map { copy(bytes, $0) }
        return request
    }

    private func count(_ path: [UInt8], _ answer: AuthAnswer) {
        for call in [
            (name: "login", kind: CoreMetrics.AccountsCall.login), ("register", .register), ("refresh", .refresh),
            ("logout", .logout),
        ]
        where path.elementsEqual("/api/auth/\(call.name)".utf8) {
            metrics.countAccounts(call.kind, refusal: answer.reason)
        }
    }
}
