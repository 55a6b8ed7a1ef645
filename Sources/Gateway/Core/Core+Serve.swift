import EventLoop
import HTTP
import Reasons

/// A request from its first byte to its log line.
extension Core {
    /// Serves the requests that come back to back, then lets the connection rest.
    func serve(_ connection: ClientConnection) async {
        let exchange = takeExchange()
        connection.exchange = exchange
        activeCount += 1
        var goesOn = true
        while goesOn {
            goesOn = await serveOne(connection, exchange)
            // A request that is there already is served in this task; otherwise the task ends.
            if goesOn, exchange.input.isEmpty, !connection.socket.mayRead { break }
            if loop.mustGiveWay { await loop.giveWay() }
        }
        activeCount -= 1
        connection.exchange = nil
        let wantsRest = goesOn && !isDraining
        giveBack(exchange)
        if wantsRest { rest(connection) } else if goesOn { close(connection) }
    }

    /// One request. False when the connection is closed.
    private func serveOne(_ connection: ClientConnection, _ exchange: Exchange) async -> Bool {
        exchange.prepare()
        switch await readHead(connection, exchange) {
        case .silence: return true
        case .gone:
            close(connection)
            return false
        case .refused(let reason):
            begin(connection, exchange)
            exchange.mustClose = true
            await refuse(connection, exchange, reason)
        case .complete:
            begin(connection, exchange)
            do throws(Reason) {
                switch connection.purpose {
                case .gate: try await answer(connection, exchange)
                case .admin: try await answerAdmin(connection, exchange)
                }
            } catch {
                await refuse(connection, exchange, error)
            }
        }
        finish(connection, exchange)
        if exchange.isCutOff {
            connection.socket.resetOnClose()
            close(connection)
            return false
        }
        if exchange.mustClose {
            await closeLingering(connection, exchange.input)
            return false
        }
        return true
    }

    // MARK: Read

    private enum HeadOutcome {
        case complete
        /// Woken for nothing: no byte is there.
        case silence
        /// The client has closed, or gave up in the middle of a head.
        case gone
        case refused(Reason)
    }

    private func readHead(_ connection: ClientConnection, _ exchange: Exchange) async -> HeadOutcome {
        let deadline = loop.deadline(after: site.timeouts.head)
        let input = exchange.input
        do throws(IOError) {
            if input.isEmpty {
                guard let count = try connection.socket.receiveNow(into: input) else { return .silence }
                if count == 0 { return .gone }
            }
            while !Task.isCancelled {
                do throws(Reason) {
                    if case .complete(let bytes) = try exchange.head.parse(input.readable, limits: site.headLimits) {
                        exchange.headBytes = bytes
                        exchange.body = BodyDecoder(exchange.head.framing)
                        exchange.owesContinue = exchange.head.expectsContinue
                        return .complete
                    }
                } catch {
                    return .refused(error)
                }
                guard input.makeRoom(limitBytes: site.headLimits.headBytesMax + 1) else {
                    return .refused(.headTooLarge)
                }
                if try await connection.socket.receive(into: input, deadline: deadline) == 0 { return .gone }
            }
            return .gone
        } catch {
            return error == .timedOut ? .refused(.requestTimeout) : .gone
        }
    }

    /// Gives the request its name and its place in the log.
    private func begin(_ connection: ClientConnection, _ exchange: Exchange) {
        connection.requests += 1
        exchange.record = RequestRecord()
        exchange.record.startedMicroseconds = MonotonicClock.microseconds
        exchange.record.unixMilliseconds = clock.milliseconds
        exchange.record.requestID = identifiers.requestID()
        let input = exchange.input
        let bytes = input.readable
        exchange.record.client = ClientAddress.text(
            of: connection.peer, forwardedFor: values(of: .xForwardedFor, exchange.head, bytes),
            trusted: site.trustedProxies)
        exchange.origin = values(of: .origin, exchange.head, bytes)
        exchange.record.method = copy(bytes, exchange.head.method)
        if let field = exchange.head.first(.userAgent) { exchange.record.userAgent = copy(bytes, field.value) }
        if let field = exchange.head.first(.referer) { exchange.record.referer = copy(bytes, field.value) }
    }

    // MARK: Judge and answer

    private func answer(_ connection: ClientConnection, _ exchange: Exchange) async throws(Reason) {
        exchange.mustClose = !exchange.head.keepAlive || isDraining
        try judge(exchange)
        if exchange.judgement.isOwn {
            try await answerAccounts(connection, exchange)
        } else if exchange.judgement.isPreflight {
            await send(site.cors.preflight(origin: exchange.origin), connection, exchange)
        } else {
            try await forward(connection, exchange)
        }
    }

    /// Whether a page of an origin that `cors` names asks if it may call (Fetch §4.8). Every other OPTIONS is an ordinary
    /// request.
    private func isFriendsPreflight(_ exchange: Exchange) -> Bool {
        exchange.head.knownMethod == .options && exchange.head.has(.accessControlRequestMethod)
            && site.cors.names(origin: exchange.origin)
    }

    private func judge(_ exchange: Exchange) throws(Reason) {
        defer { note(exchange) }
        let input = exchange.input
        do throws(Reason) {
            try site.gate.judge(
                exchange.head, input.readable, isPreflight: isFriendsPreflight(exchange), tokens: &tokens,
                now: exchange.record.unixMilliseconds / 1000, &exchange.judgement)
        } catch {
            if !exchange.judgement.isOwn { metrics.countDecision(error) }
            throw error
        }
        if exchange.judgement.claims != nil, areRevocationsStale { try distrust(exchange) }
        if !exchange.judgement.isOwn { metrics.countDecision(nil) }
    }

    /// The token may have been revoked without our knowing: its bearer is nobody, and nobody passes only where it is
    /// public.
    private func distrust(_ exchange: Exchange) throws(Reason) {
        exchange.judgement.claims = nil
        guard let route = exchange.judgement.route, case .anyone = site.routes.routes[route].rule else {
            metrics.countDecision(.revocationsStale)
            throw .revocationsStale
        }
    }

    /// A gateway that cannot read the table of revocations goes on with what it has for a while, then trusts no token.
    private var areRevocationsStale: Bool {
        guard let readAt = revocationsReadAt, !tokens.revoked.isIncomplete else { return true }
        let (age, isEarlier) = loop.now.subtractingReportingOverflow(readAt)
        return !isEarlier && age > site.revocationStaleMax
    }

    private func note(_ exchange: Exchange) {
        if let path = exchange.judgement.path { exchange.record.path = path.bytes }
        if case .success(let bearer) = exchange.judgement.bearer {
            exchange.record.user = bearer.claims.subject
            exchange.record.session = bearer.claims.sessionID ?? ""
        }
        if let hit = exchange.judgement.cacheHit { metrics.countTokenCache(isHit: hit) }
    }

    private func answerAdmin(_ connection: ClientConnection, _ exchange: Exchange) async throws(Reason) {
        exchange.mustClose = !exchange.head.keepAlive
        let input = exchange.input
        let bytes = input.readable
        let path = copy(bytes, exchange.head.path)
        let query = exchange.head.query.map { copy(bytes, $0) }
        let isSafe = exchange.head.knownMethod == .get || exchange.head.knownMethod == .head
        exchange.record.path = path
        guard let admin else { throw .noRoute }
        let page = await admin.answer(path: path, query: query, isSafe: isSafe)
        await send(page, connection, exchange)
    }

    // MARK: Fields

    func copy(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var copied: [UInt8] = []
        copied.append(bytes, range)
        return copied
    }

    /// The values of all fields of that name, in order.
    func values(of name: FieldName, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) -> [[UInt8]] {
        guard head.has(name) else { return [] }
        var values: [[UInt8]] = []
        for index in 0..<head.fields.count where head.fields[index].known == name {
            values.append(copy(bytes, head.fields[index].value))
        }
        return values
    }
}
