import EventLoop
import HTTP
import Reasons

/// The backend's answer on its way to the client.
extension Core {
    /// Relays the answer whose head has been read. Ends the client's connection when the answer cannot be completed.
    ///
    /// - Throws: `.upstreamMalformed` when the body goes wrong in what has arrived with the head: nothing of the answer
    ///   has been sent yet.
    func relay(
        _ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: Exchange,
        _ timeouts: Site.Timeouts, _ pool: UpstreamPool
    ) async throws(Reason) {
        // An answer that overtakes its request ends the connection.
        if case .running = exchange.upload { exchange.mustClose = true }
        let form = AnswerHead.bodyForm(upstream.head.framing, clientMinorVersion: exchange.head.minorVersion)
        if case .untilClose = form { exchange.mustClose = true }
        exchange.record.status = upstream.head.status
        let input = upstream.input
        exchange.output.removeAll(keepingCapacity: true)
        AnswerHead.append(
            upstream.head, input.readable,
            AnswerHead.Inputs(
                clientMinorVersion: exchange.head.minorVersion, keepAlive: !exchange.mustClose,
                isAnswerToHEAD: exchange.head.knownMethod == .head,
                corsFields: site.cors.fields(origin: exchange.origin)),
            to: &exchange.output)
        input.consume(upstream.headBytes)

        do throws(RelayFault) {
            try await relayBody(upstream, connection, exchange, form, idle: timeouts.answerIdle)
            await endUpload(connection, exchange)
            settle(upstream, exchange, pool)
        } catch {
            upstream.socket.close()
            await endUpload(connection, exchange)
            if error == .upstream, !exchange.hasAnswered {
                metrics.countUpstream(pool.name, .malformed)
                throw .upstreamMalformed
            }
            // The end of the connection must not look like the end of the answer.
            exchange.isCutOff = true
            if error == .upstream { exchange.record.reason = .upstreamClosed }
        }
    }

    private enum RelayFault: Error { case upstream, client }

    /// Sends the head that stands in `output`, with as much of the body as is there already, then the rest.
    private func relayBody(
        _ upstream: UpstreamConnection, _ connection: ClientConnection, _ exchange: Exchange,
        _ form: AnswerHead.BodyForm, idle: Milliseconds
    ) async throws(RelayFault) {
        var body = BodyDecoder(upstream.head.framing)
        let endsWithConnection = upstream.head.framing == .untilClose
        while true {
            var at = 0
            try frame(upstream, exchange, form, &body, &at)
            if body.isComplete, form == .chunked { exchange.output.appendLastChunk() }
            upstream.input.consume(at)
            exchange.hasAnswered = true
            do throws(IOError) {
                try await connection.socket.send(exchange.output, stall: site.timeouts.bodyIdle)
            } catch { throw .client }
            exchange.output.removeAll(keepingCapacity: true)
            if body.isComplete { return }

            do throws(IOError) {
                let count = try await upstream.socket.receive(
                    into: upstream.input, deadline: loop.deadline(after: idle))
                if count > 0 { continue }
            } catch { throw .upstream }
            // The end of the stream is the end of a body that has no other, and cuts any other short.
            guard endsWithConnection else { throw .upstream }
            if form == .chunked {
                exchange.output.appendLastChunk()
                do throws(IOError) {
                    try await connection.socket.send(exchange.output, stall: site.timeouts.bodyIdle)
                } catch { throw .client }
            }
            return
        }
    }

    /// Appends what is buffered of the body to `output`, in the client's framing.
    private func frame(
        _ upstream: UpstreamConnection, _ exchange: Exchange, _ form: AnswerHead.BodyForm, _ body: inout BodyDecoder,
        _ at: inout Int
    ) throws(RelayFault) {
        let input = upstream.input
        while !body.isComplete {
            let step: BodyDecoder.Step
            do throws(Reason) { step = try body.next(input.readable, from: at) } catch { throw .upstream }
            switch step {
            case .data(let range):
                exchange.record.bytesOut &+= UInt64(range.count)
                if form == .chunked { exchange.output.appendChunkLine(size: range.count) }
                input.copy(range, to: &exchange.output)
                if form == .chunked { exchange.output.appendCRLF() }
                at = range.upperBound
            case .end(let consumed): at = consumed
            case .needMore:
                at = input.count
                return
            }
        }
    }

    /// Keeps the upstream's connection for the next request, if nothing speaks against it. Bytes behind an answer are
    /// never anybody's answer: such a connection is closed.
    private func settle(_ upstream: UpstreamConnection, _ exchange: Exchange, _ pool: UpstreamPool) {
        let isUploaded =
            switch exchange.upload {
            case .none, .done: true
            case .running, .refused, .abandoned, .rejected: false
            }
        guard upstream.head.keepAlive, upstream.head.framing != .untilClose, isUploaded, upstream.input.isEmpty,
            !isDraining
        else {
            upstream.socket.close()
            return
        }
        pool.keep(upstream)
    }
}
