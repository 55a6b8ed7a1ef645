import Bytes
import EventLoop
import HTTP
import Reasons

/// A request from its first byte to its log line.
extension Core {
    /// Serves requests until there is none for a while, then lets the connection rest.
    func serve(_ connection: ClientConnection) async {
        activeCount += 1
        var next = Next.request
        while case .request = next {
            next = await serveThoseThere(connection)
            if case .wait = next { next = await linger(connection) ? .request : .rest }
        }
        activeCount -= 1
        switch next {
        case .closed: break
        case .request, .wait, .rest:
            if isDraining {
                await closeFlushed(connection)
            } else if let successor {
                move(connection, to: successor)
            } else {
                rest(connection)
            }
        }
    }

    /// What becomes of a connection.
    private enum Next { case request, wait, rest, closed }

    /// Serves requests in one exchange, for as long as another one is there or comes soon.
    @inline(__always)
    private func serveThoseThere(_ connection: ClientConnection) async -> Next {
        var exchange = takeExchange()
        connection.body = exchange.body
        if !connection.early.isEmpty { exchange.input.refill(connection.takeEarly()) }
        var next = Next.request
        while case .request = next {
            guard await serveOne(connection, &exchange) else {
                next = .closed
                break
            }
            if isLeaving {
                exchange.input.move(exchange.input.count, to: &connection.early)
                next = .rest
            } else if !exchange.input.isEmpty || connection.socket.mayRead {
                if loop.mustGiveWay { await loop.giveWay() }
            } else if lingeringCount >= Self.lingeringWithMemoryMax {
                next = .wait
            } else if await !linger(connection) {
                next = .rest
            }
        }
        connection.body = nil
        giveBack(exchange)
        return next
    }

    /// Waits a moment for the next request, because a client that asks without pause costs less in one task than in one
    /// for each request. False when the connection is to rest: nothing came, or too many tasks wait already.
    @inline(__always)
    private func linger(_ connection: ClientConnection) async -> Bool {
        guard lingeringCount < Self.lingeringMax else { return false }
        lingeringCount += 1
        activeCount -= 1
        connection.isLingering = true
        let hasCome = await connection.socket.arrival(deadline: loop.deadline(after: Self.lingeringMilliseconds))
        connection.isLingering = false
        activeCount += 1
        lingeringCount -= 1
        return hasCome && !isLeaving
    }

    /// As many tasks may wait, each some 4 KiB …
    private static let lingeringMax = 256
    /// … and as many of them may keep their exchange, each some 40 KiB. The others share theirs, which besides stays in the
    /// processor's cache.
    private static let lingeringWithMemoryMax = 64
    private static let lingeringMilliseconds: Milliseconds = 250

    /// One request. False when the connection is closed.
    @inline(__always)
    private func serveOne(_ connection: ClientConnection, _ exchange: inout Exchange) async -> Bool {
        exchange.prepare()
        var outcome = readHeadNow(connection, &exchange)
        if case .unfinished = outcome { outcome = await readHead(connection, &exchange) }
        switch outcome {
        case .silence, .unfinished: return true
        case .gone:
            close(connection)
            return false
        case .refused(let reason):
            begin(connection, &exchange)
            exchange.mustClose = true
            await refuse(connection, &exchange, reason)
        case .complete:
            begin(connection, &exchange)
            do throws(Reason) {
                switch connection.purpose {
                case .gate: try await answer(connection, &exchange)
                case .admin: try await answerAdmin(connection, &exchange)
                }
            } catch {
                await refuse(connection, &exchange, error)
            }
        }
        finish(connection, &exchange)
        if exchange.isCutOff {
            await flush(connection)
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
        /// More of the head must come.
        case unfinished
        /// Woken for nothing: no byte is there.
        case silence
        /// The client has closed, or gave up in the middle of a head.
        case gone
        case refused(Reason)
    }

    /// Reads a head from what is there already, as nearly every head is.
    private func readHeadNow(_ connection: ClientConnection, _ exchange: inout Exchange) -> HeadOutcome {
        let input = exchange.input
        do throws(IOError) {
            if input.isEmpty {
                guard let count = try connection.socket.receiveNow(into: input) else { return .silence }
                if count == 0 { return .gone }
            }
        } catch {
            return .gone
        }
        return parseHead(&exchange)
    }

    private func parseHead(_ exchange: inout Exchange) -> HeadOutcome {
        let input = exchange.input
        do throws(Reason) {
            guard case .complete(let bytes) = try exchange.head.parse(input.readable, limits: site.headLimits) else {
                return .unfinished
            }
            exchange.headBytes = bytes
            exchange.body.begin(exchange.head.framing)
            exchange.owesContinue = exchange.head.expectsContinue
            return .complete
        } catch {
            return .refused(error)
        }
    }

    /// Receives the rest of a head.
    private func readHead(_ connection: ClientConnection, _ exchange: inout Exchange) async -> HeadOutcome {
        let deadline = loop.deadline(after: site.timeouts.head)
        let input = exchange.input
        do throws(IOError) {
            while !Task.isCancelled {
                guard input.makeRoom(limitBytes: site.headLimits.headBytesMax + 1) else {
                    return .refused(.headTooLarge)
                }
                if try await connection.socket.receive(into: input, deadline: deadline) == 0 { return .gone }
                let outcome = parseHead(&exchange)
                guard case .unfinished = outcome else { return outcome }
            }
            return .gone
        } catch {
            return error == .timedOut ? .refused(.requestTimeout) : .gone
        }
    }

    /// Gives the request its name and its place in the log.
    private func begin(_ connection: ClientConnection, _ exchange: inout Exchange) {
        connection.requests += 1
        exchange.startedMicroseconds = MonotonicClock.microseconds
        exchange.record.unixMilliseconds = wallMilliseconds()
        exchange.requestID = identifiers.requestID()
        exchange.record.requestID = (exchange.requestID.high, exchange.requestID.low)
        let input = exchange.input
        let bytes = input.readable
        exchange.record.client =
            connection.peer.isTrusted
            ? ClientAddress.text(
                of: connection.peer, forwardedFor: values(of: .xForwardedFor, exchange.head, bytes),
                trusted: site.trustedProxies)
            : connection.peer.text
        if exchange.head.has(.origin) { exchange.origin = values(of: .origin, exchange.head, bytes) }
        exchange.record.method.append(bytes, exchange.head.method)
        guard writesCombined else { return }
        if let field = exchange.head.first(.userAgent) { exchange.record.userAgent.append(bytes, field.value) }
        if let field = exchange.head.first(.referer) { exchange.record.referer.append(bytes, field.value) }
    }

    /// Unix milliseconds, read once a turn of the loop.
    private func wallMilliseconds() -> Int64 {
        if wallTurn != loop.turn {
            wallTurn = loop.turn
            wallNow = clock.milliseconds
        }
        return wallNow
    }

    // MARK: Judge and answer

    @inline(__always)
    private func answer(_ connection: ClientConnection, _ exchange: inout Exchange) async throws(Reason) {
        exchange.mustClose = !exchange.head.keepAlive || isDraining
        try judge(&exchange)
        if exchange.judgement.isOwn {
            try await answerAccounts(connection, &exchange)
        } else if exchange.judgement.isPreflight {
            await send(site.cors.preflight(origin: exchange.origin), connection, &exchange)
        } else {
            try await forward(connection, &exchange)
        }
    }

    /// Whether a page of an origin that `cors` names asks if it may call (Fetch §4.8). Every other OPTIONS is an ordinary
    /// request.
    private func isFriendsPreflight(_ exchange: inout Exchange) -> Bool {
        exchange.head.knownMethod == .options && exchange.head.has(.accessControlRequestMethod)
            && site.cors.names(origin: exchange.origin)
    }

    private func judge(_ exchange: inout Exchange) throws(Reason) {
        defer { note(&exchange) }
        defer { if let debug = site.debug { noteDecision(debug, &exchange) } }
        let input = exchange.input
        do throws(Reason) {
            try site.gate.judge(
                exchange.head, input.readable, isPreflight: isFriendsPreflight(&exchange), tokens: tokens,
                client: exchange.record.client, now: exchange.record.unixMilliseconds / 1000, &exchange.judgement)
        } catch {
            if !exchange.judgement.isOwn { metrics.countDecision(error) }
            if let shadow = site.shadow { noteShadow(shadow, refusal: error, &exchange) }
            throw error
        }
        if let shadow = site.shadow { noteShadow(shadow, refusal: nil, &exchange) }
        if exchange.judgement.isIdentified, areRevocationsStale { try distrust(&exchange) }
        if !exchange.judgement.isOwn { metrics.countDecision(nil) }
    }

    /// The token may have been revoked without our knowing: its bearer is nobody, and nobody passes only where it is
    /// public.
    private func distrust(_ exchange: inout Exchange) throws(Reason) {
        exchange.judgement.isIdentified = false
        guard let route = exchange.judgement.route, case .anyone = route.rule, !route.hasConditions else {
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

    private func note(_ exchange: inout Exchange) {
        let path = exchange.judgement.path.bytes
        exchange.record.path.append(path.span)
        if let bearer = exchange.judgement.bearer { exchange.record.bearer = bearer.payload.name }
        if let hit = exchange.judgement.cacheHit { metrics.countTokenCache(isHit: hit) }
    }

    @inline(never)
    private func noteDecision(_ debug: DebugHeader, _ exchange: inout Exchange) {
        let input = exchange.input
        guard debug.isAsked(by: exchange.head, input.readable) else { return }
        exchange.decidedAt = site.gate.whereDecided(
            exchange.head, input.readable, client: exchange.record.client, now: exchange.record.unixMilliseconds / 1000,
            exchange.judgement)
    }

    private func answerAdmin(_ connection: ClientConnection, _ exchange: inout Exchange) async throws(Reason) {
        exchange.mustClose = !exchange.head.keepAlive
        let input = exchange.input
        let bytes = input.readable
        let path = copy(bytes, exchange.head.path)
        let query = exchange.head.query.map { copy(bytes, $0) }
        guard let admin else { throw .noRoute }
        let page = await admin.answer(
            path: path, query: query, method: exchange.head.knownMethod,
            isFromPage: exchange.head.has(.origin) || exchange.head.has(.secFetchSite))
        await send(page, connection, &exchange)
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
        for index in 0..<head.fieldCount where head.field(at: index).known == name {
            values.append(copy(bytes, head.field(at: index).value))
        }
        return values
    }
}
