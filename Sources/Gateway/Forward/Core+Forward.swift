import EventLoop
import HTTP
import Policy
import Reasons

/// From a request that was let through to the backend's answer.
extension Core {
    /// Forwards the request and relays the answer.
    ///
    /// - Throws: why there is no answer to relay, while a refusal can still be sent. What goes wrong later ends the
    ///   connection.
    @inline(__always)
    func forward(_ connection: ClientConnection, _ exchange: inout Exchange) async throws(Reason) {
        guard let route = exchange.judgement.route else { throw .internalError }
        try refuseLargeBody(&exchange)
        let pool = pools[route.upstreamIndex]
        let timeouts = site.upstreams[route.upstreamIndex].timeouts
        try buildUpstreamHead(connection, &exchange)

        pool.lend()
        defer { pool.giveBack() }
        let started = MonotonicClock.microseconds
        var isSecondTry = false
        while true {
            let upstream: UpstreamConnection
            if !isSecondTry, let kept = takeKept(pool, &exchange) {
                upstream = kept
            } else {
                upstream = try await connect(pool, timeouts, &exchange, freshOnly: isSecondTry)
            }
            do throws(UpstreamFault) {
                try await ask(upstream, connection, &exchange, timeouts)
            } catch {
                upstream.socket.close()
                await endUpload(connection, exchange.body)
                // Sent once more only when nothing can have happened twice: a safe method without a body, on a
                // connection that had been idle, not one byte of an answer (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
                if error == .closedWithoutAnswer, upstream.isReused, !isSecondTry, isRepeatable(exchange) {
                    isSecondTry = true
                    metrics.countUpstream(pool.index, .retried)
                    continue
                }
                throw refusal(for: error, &exchange, pool, upstream)
            }
            pool.succeeded(upstream.server)
            let micros = MonotonicClock.microseconds &- started
            exchange.record.upstreamMicroseconds = micros
            metrics.countUpstream(pool.index, .answered, microseconds: micros)
            try await relay(upstream, connection, &exchange, timeouts, pool)
            return
        }
    }

    // MARK: Before

    private func refuseLargeBody(_ exchange: inout Exchange) throws(Reason) {
        guard let max = site.bodyBytesMax, case .length(let length) = exchange.head.framing, length > max else {
            return
        }
        exchange.mustClose = true
        throw .bodyTooLarge
    }

    private func buildUpstreamHead(_ connection: ClientConnection, _ exchange: inout Exchange) throws(Reason) {
        let input = exchange.input
        let bytes = input.readable
        let trace =
            if !exchange.head.repeats(.traceparent), let field = exchange.head.first(.traceparent) {
                identifiers.trace(continuing: bytes.extracting(field.value))
            } else { identifiers.trace() }
        let origin = UpstreamHead.Origin(peer: connection.peer, requestID: exchange.requestID, trace: trace)
        try site.upstreamHead.append(
            exchange.head, bytes, exchange.judgement, origin, to: &exchange.upstreamHead)
        exchange.input.consume(exchange.headBytes)
        exchange.headBytes = 0
    }

    private func isRepeatable(_ exchange: borrowing Exchange) -> Bool {
        guard case .none = exchange.head.framing else { return false }
        return switch exchange.head.knownMethod {
        case .get, .head, .options: true
        default: false
        }
    }

    // MARK: Connect

    /// A kept connection to the next server in turn, if there is one.
    private func takeKept(_ pool: UpstreamPool, _ exchange: inout Exchange) -> UpstreamConnection? {
        let server = pool.upcoming(now: loop.now)
        guard let kept = pool.takeIdle(server) else { return nil }
        pool.turnTo(after: server)
        exchange.record.upstream = pool.word(of: server)
        return kept
    }

    /// A connection to the next server in turn: one that is kept, or a new one. Servers that refuse are passed over; a
    /// request that was not sent yet may go anywhere.
    private func connect(
        _ pool: UpstreamPool, _ timeouts: Site.Timeouts, _ exchange: inout Exchange, freshOnly: Bool
    ) async throws(Reason) -> UpstreamConnection {
        for _ in 0..<max(pool.serverCount, 1) {
            let server = pool.upcoming(now: loop.now)
            pool.turnTo(after: server)
            exchange.record.upstream = pool.word(of: server)
            if !freshOnly, let kept = pool.takeIdle(server) { return kept }
            do throws(IOError) {
                return try await open(pool, server, timeouts)
            } catch {
                pool.failed(server, now: loop.now)
                // A silent server has used up the time there was.
                if error == .timedOut {
                    metrics.countUpstream(pool.index, .timeout)
                    throw .upstreamTimeout
                }
            }
        }
        metrics.countUpstream(pool.index, .unreachable)
        throw .upstreamUnreachable
    }

    private func open(_ pool: UpstreamPool, _ server: Int, _ timeouts: Site.Timeouts) async throws(IOError)
        -> UpstreamConnection
    {
        let deadline = loop.deadline(after: timeouts.connect)
        var last = IOError.unreachable(errno: 0)
        var attempt = 0
        while let address = pool.address(of: server, attempt: attempt) {
            do throws(IOError) {
                let socket = try await loop.connect(to: address, deadline: deadline)
                pool.succeeded(server, address: attempt)
                let connection = UpstreamConnection(socket: socket, server: server)
                pool.adopt(connection)
                return connection
            } catch {
                last = error
                if error == .timedOut { break }
            }
            attempt += 1
        }
        throw last
    }

    // MARK: Ask

    /// Sends the head, starts the body on its way, and waits for the head of the answer.
    @inline(__always)
    private func ask(
        _ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: inout Exchange,
        _ timeouts: Site.Timeouts
    ) async throws(UpstreamFault) {
        let hasBody = !exchange.body.isComplete
        // Not waited for: the answer says that it has gone, or the answer's deadline that it has not.
        upstream.socket.startSend(keeping: exchange.upstreamHead, more: hasBody)
        guard !upstream.socket.hasSendFailed else { throw .closedWithoutAnswer }
        if hasBody {
            do throws(Reason) { try await inviteBody(connection, &exchange) } catch { throw .clientGone }
            startUpload(connection, exchange.body, to: upstream, timeouts)
        }
        exchange.answer.reset()
        exchange.answerInput.removeAll()
        var interim = 0
        while true {
            let deadline = loop.deadline(after: timeouts.answer)
            // Nearly every head comes whole, and is read without one more call that may wait. What goes wrong here goes
            // wrong once more when the rest is read.
            if !hasBody, exchange.answerInput.isEmpty, await upstream.socket.arrival(deadline: deadline) {
                _ = try? upstream.socket.receiveNow(into: exchange.answerInput)
            }
            if try !parseAnswerHead(upstream, &exchange) {
                try await readAnswerHead(upstream, &exchange, timeouts, deadline: deadline)
            }
            guard exchange.answer.status < 200 else { return }
            // 101 was not asked for: nothing of the kind was forwarded.
            interim += 1
            guard exchange.answer.status != 101, interim <= Self.interimAnswersMax else { throw .malformed }
            try await passInterim(upstream, connection, &exchange)
        }
    }

    private static let interimAnswersMax = 16

    /// Whether the head of the answer is there.
    private func parseAnswerHead(_ upstream: UpstreamConnection, _ exchange: inout Exchange) throws(UpstreamFault)
        -> Bool
    {
        let input = exchange.answerInput
        guard !input.isEmpty else { return false }
        do throws(Reason) {
            guard
                case .complete(let bytes) = try exchange.answer.parse(
                    input.readable, limits: Self.answerHeadLimits, isAnswerToHEAD: exchange.head.knownMethod == .head)
            else { return false }
            exchange.answerBytes = bytes
            return true
        } catch { throw .malformed }
    }

    /// Receives the rest of the answer's head.
    private func readAnswerHead(
        _ upstream: UpstreamConnection, _ exchange: inout Exchange, _ timeouts: Site.Timeouts,
        deadline: Milliseconds
    ) async throws(UpstreamFault) {
        let input = exchange.answerInput
        var hasBegun = !input.isEmpty
        var deadline = deadline
        while true {
            guard input.makeRoom(limitBytes: Self.answerHeadLimits.headBytesMax + 1) else { throw .malformed }
            do throws(IOError) {
                if try await upstream.socket.receive(into: input, deadline: deadline) == 0 {
                    throw IOError.disconnected
                }
                hasBegun = true
            } catch {
                switch exchange.body.upload {
                case .refused(let reason): throw .request(reason)
                case .abandoned: throw .clientGone
                case .running where error == .timedOut:
                    // The answer's time begins when the request is complete; the upload has deadlines of its own.
                    deadline = loop.deadline(after: timeouts.answer)
                default:
                    if error == .timedOut { throw .timedOut }
                    throw hasBegun ? .closed : .closedWithoutAnswer
                }
            }
            if try parseAnswerHead(upstream, &exchange) { return }
        }
    }

    /// Larger than what clients may send: some backends set many cookies.
    private static let answerHeadLimits: HeadLimits = {
        var limits = HeadLimits()
        limits.headBytesMax = 64 << 10
        limits.fieldsMax = 200
        return limits
    }()

    /// Passes an interim answer on. `100 Continue` stays here: the client has had ours, if it asked.
    private func passInterim(_ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: inout Exchange)
        async throws(UpstreamFault)
    {
        let input = exchange.answerInput
        if exchange.answer.status != 100, exchange.head.minorVersion > 0 {
            if connection.socket.isSending, !(await flush(connection)) { throw .clientGone }
            var output = loop.takeBytes()
            AnswerHead.appendInterim(exchange.answer, input.readable, to: &output)
            connection.socket.startSend(consume output)
        }
        input.consume(exchange.answerBytes)
        exchange.answer.reset()
    }

    // MARK: Faults

    /// What a fault is called towards the client, and what it says about the server.
    private func refusal(
        for fault: UpstreamFault, _ exchange: inout Exchange, _ pool: UpstreamPool, _ upstream: UpstreamConnection
    ) -> Reason {
        switch fault {
        case .timedOut:
            pool.failed(upstream.server, now: loop.now)
            metrics.countUpstream(pool.index, .timeout)
            return .upstreamTimeout
        case .closed, .closedWithoutAnswer:
            metrics.countUpstream(pool.index, .closed)
            return .upstreamClosed
        case .malformed:
            metrics.countUpstream(pool.index, .malformed)
            return .upstreamMalformed
        case .request(let reason):
            metrics.countUpstream(pool.index, .abandoned)
            exchange.mustClose = true
            return reason
        case .clientGone:
            metrics.countUpstream(pool.index, .abandoned)
            exchange.mustClose = true
            return .malformedRequest
        }
    }
}

/// How asking an upstream failed, before its answer began to go to the client.
enum UpstreamFault: Error, Equatable {
    /// It closed, or could not be written to, before any byte of an answer.
    case closedWithoutAnswer
    /// It closed in the middle of the head.
    case closed
    case timedOut
    case malformed
    /// The request's own body was at fault.
    case request(Reason)
    case clientGone
}
