import EventLoop
import HTTP
import Reasons

/// The request's body on its way to the backend, in a task beside the one that waits for the answer: a backend may
/// answer early, and the answer must not wait for the body (nor the other way round).
///
/// Both tasks live on this core. They share the `Exchange`; the upload alone touches its `input`, `body`, `uploadOutput`
/// until it has ended, and `upload` says how it ended.
extension Core {
    func startUpload(
        _ connection: ClientConnection, _ exchange: Exchange, to upstream: UpstreamConnection, _ timeouts: Site.Timeouts
    ) {
        exchange.upload = .running
        exchange.uploadUpstream = upstream
        exchange.uploadStall = timeouts.answer
        let id = connection.id
        exchange.uploadTask = Task { await self.upload(id) }
    }

    /// Ends an upload that is still running, and waits until it has let go of the exchange. The connection cannot be used
    /// again after that: where the next request would begin is unknown.
    func endUpload(_ connection: ClientConnection, _ exchange: Exchange) async {
        guard let task = exchange.uploadTask else { return }
        if case .running = exchange.upload {
            exchange.mustClose = true
            exchange.uploadUpstream?.socket.close()
            connection.socket.refuseReceives()
        }
        await task.value
        connection.socket.allowReceives()
        exchange.uploadTask = nil
        exchange.uploadUpstream = nil
    }

    private func upload(_ id: Int) async {
        guard let connection = connections[id], let exchange = connection.exchange,
            let upstream = exchange.uploadUpstream
        else { return }
        do throws(UploadFault) {
            try await uploadAll(connection, exchange, upstream)
            exchange.upload = .done
        } catch {
            exchange.mustClose = true
            switch error {
            case .request(let reason): exchange.upload = .refused(reason)
            case .clientGone: exchange.upload = .abandoned
            case .upstream:
                // It may have answered and closed; the other task will see.
                exchange.upload = .rejected
                return
            }
            // The backend must not take what it has for the whole: its connection ends here, and with it the other
            // task's wait.
            upstream.socket.resetOnClose()
            upstream.socket.close()
        }
    }

    private enum UploadFault: Error {
        case request(Reason)
        case clientGone
        case upstream
    }

    private func uploadAll(_ connection: ClientConnection, _ exchange: Exchange, _ upstream: UpstreamConnection)
        async throws(UploadFault)
    {
        while true {
            try await uploadBuffered(exchange, upstream)
            if exchange.body.isComplete { return }
            exchange.input.resize(capacityBytes: Exchange.longBodyBufferBytes)
            do throws(Reason) {
                try await receiveBody(
                    connection, exchange, deadline: loop.deadline(after: site.timeouts.bodyIdle))
            } catch {
                throw error == .requestTimeout ? .request(error) : .clientGone
            }
        }
    }

    /// Sends what is buffered. A body of known length goes from the buffer it was received into; chunks are written anew,
    /// without extensions and trailers.
    private func uploadBuffered(_ exchange: Exchange, _ upstream: UpstreamConnection) async throws(UploadFault) {
        let isChunked = exchange.head.framing == .chunked
        exchange.uploadOutput.removeAll(keepingCapacity: true)
        let input = exchange.input
        var at = 0
        scanning: while true {
            let step: BodyDecoder.Step
            do throws(Reason) { step = try exchange.body.next(input.readable, from: at) } catch {
                throw .request(error)
            }
            switch step {
            case .data(let range):
                exchange.record.bytesIn &+= UInt64(range.count)
                if let max = site.bodyBytesMax, exchange.record.bytesIn > max { throw .request(.bodyTooLarge) }
                if isChunked {
                    exchange.uploadOutput.appendChunkLine(size: range.count)
                    input.copy(range, to: &exchange.uploadOutput)
                    exchange.uploadOutput.appendCRLF()
                }
                at = range.upperBound
            case .end(let consumed):
                at = consumed
                if isChunked { exchange.uploadOutput.appendLastChunk() }
                break scanning
            case .needMore:
                at = input.count
                break scanning
            }
        }
        do throws(IOError) {
            // The head may still be on its way.
            try await upstream.socket.sent(stall: exchange.uploadStall)
            if isChunked {
                input.consume(at)
                try await upstream.socket.send(exchange.uploadOutput, stall: exchange.uploadStall)
            } else {
                try await upstream.socket.send(from: input, limit: at, stall: exchange.uploadStall)
            }
        } catch { throw .upstream }
    }
}
