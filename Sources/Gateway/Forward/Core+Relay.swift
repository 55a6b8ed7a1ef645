import EventLoop
import HTTP
import Reasons

/// The backend's answer on its way to the client.
extension Core {
    /// Relays the answer whose head has been read. Ends the client's connection when the answer cannot be completed.
    ///
    /// - Throws: `.upstreamMalformed` when the body goes wrong in what has arrived with the head: nothing of the answer
    ///   has been sent yet.
    @inline(__always)
    func relay(
        _ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: inout Exchange,
        _ timeouts: Site.Timeouts, _ pool: UpstreamPool
    ) async throws(Reason) {
        // An answer that overtakes its request ends the connection.
        if case .running = exchange.body.upload { exchange.mustClose = true }
        let form = AnswerHead.bodyForm(exchange.answer.framing, clientMinorVersion: exchange.head.minorVersion)
        if case .untilClose = form { exchange.mustClose = true }
        exchange.record.status = exchange.answer.status
        let input = exchange.answerInput
        var output = loop.takeBytes()
        AnswerHead.append(
            exchange.answer, input.readable,
            AnswerHead.Inputs(
                clientMinorVersion: exchange.head.minorVersion, keepAlive: !exchange.mustClose,
                isAnswerToHEAD: exchange.head.knownMethod == .head,
                corsFields: site.cors.fields(origin: exchange.origin), decidedAt: exchange.decidedAt),
            to: &output)
        input.consume(exchange.answerBytes)

        do throws(RelayFault) {
            // The head goes with as much of the body as is there already, which is all of most answers.
            var body = BodyDecoder(exchange.answer.framing)
            try frame(upstream, &exchange, form, &body, to: &output)
            if connection.socket.isSending, !(await flush(connection)) { throw .client }
            exchange.hasAnswered = true
            connection.socket.startSend(consume output)
            if !body.isComplete {
                try await relayRest(upstream, connection, &exchange, form, &body, idle: timeouts.answerIdle)
            }
            if exchange.body.task != nil { await endUpload(connection, exchange.body) }
            settle(upstream, &exchange, pool)
        } catch {
            upstream.socket.close()
            await endUpload(connection, exchange.body)
            if error == .upstream, !exchange.hasAnswered {
                metrics.countUpstream(pool.index, .malformed)
                throw .upstreamMalformed
            }
            // The end of the connection must not look like the end of the answer.
            exchange.isCutOff = true
            if error == .upstream { exchange.record.reason = .upstreamClosed }
        }
    }

    private enum RelayFault: Error { case upstream, client }

    /// Relays what comes of the body after its first piece.
    private func relayRest(
        _ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: inout Exchange,
        _ form: AnswerHead.BodyForm, _ body: inout BodyDecoder, idle: Milliseconds
    ) async throws(RelayFault) {
        let input = exchange.answerInput
        input.resize(capacityBytes: Exchange.longBodyBufferBytes)
        let isReframed = form == .chunked || exchange.answer.framing == .chunked
        while !body.isComplete {
            let count: Int
            do throws(IOError) {
                count = try await upstream.socket.receive(into: input, deadline: loop.deadline(after: idle))
            } catch { throw .upstream }
            // The end of the stream is the end of a body that has no other, and cuts any other short.
            if count == 0, exchange.answer.framing != .untilClose { throw .upstream }
            guard await flush(connection) else { throw .client }
            if isReframed {
                var output = loop.takeBytes()
                if count > 0 {
                    try frame(upstream, &exchange, form, &body, to: &output)
                } else if form == .chunked {
                    output.appendLastChunk()
                }
                connection.socket.startSend(consume output)
            } else {
                let piece = try nextPiece(upstream, &exchange, &body)
                do throws(IOError) {
                    try await connection.socket.send(from: input, limit: piece, stall: site.timeouts.bodyIdle)
                } catch { throw .client }
            }
            if count == 0 { return }
        }
    }

    /// How many of the buffered bytes belong to the body; they go to the client from where they are.
    private func nextPiece(_ upstream: UpstreamConnection, _ exchange: inout Exchange, _ body: inout BodyDecoder)
        throws(RelayFault) -> Int
    {
        let input = exchange.answerInput
        do throws(Reason) {
            guard case .data(let range) = try body.next(input.readable, from: 0) else { return 0 }
            exchange.record.bytesOut &+= UInt64(range.count)
            return range.upperBound
        } catch { throw .upstream }
    }

    /// Moves what is buffered of the body to `output`, in the client's framing.
    private func frame(
        _ upstream: UpstreamConnection, _ exchange: inout Exchange, _ form: AnswerHead.BodyForm,
        _ body: inout BodyDecoder,
        to output: inout [UInt8]
    ) throws(RelayFault) {
        let input = exchange.answerInput
        var at = 0
        scanning: while !body.isComplete {
            let step: BodyDecoder.Step
            do throws(Reason) { step = try body.next(input.readable, from: at) } catch { throw .upstream }
            switch step {
            case .data(let range):
                exchange.record.bytesOut &+= UInt64(range.count)
                if form == .chunked { output.appendChunkLine(size: range.count) }
                input.copy(range, to: &output)
                if form == .chunked { output.appendCRLF() }
                at = range.upperBound
            case .end(let consumed): at = consumed
            case .needMore:
                at = input.count
                break scanning
            }
        }
        if body.isComplete, form == .chunked { output.appendLastChunk() }
        input.consume(at)
    }

    /// Keeps the upstream's connection for the next request, if nothing speaks against it. Bytes behind an answer are
    /// never anybody's answer: such a connection is closed.
    private func settle(_ upstream: UpstreamConnection, _ exchange: inout Exchange, _ pool: UpstreamPool) {
        let isUploaded =
            switch exchange.body.upload {
            case .none, .done: true
            case .running, .refused, .abandoned, .rejected: false
            }
        guard exchange.answer.keepAlive, exchange.answer.framing != .untilClose, isUploaded,
            exchange.answerInput.isEmpty,
            !isDraining
        else {
            upstream.socket.close()
            return
        }
        exchange.answerInput.resize(capacityBytes: Exchange.bufferBytes)
        pool.keep(upstream)
    }
}
