import EventLoop
import HTTP
import Reasons

/// The request's body on its way to the backend, in a task beside the one that waits for the answer: a backend may
/// answer early, and the answer must not wait for the body (nor the other way round).
///
/// Both tasks live on this core. They share the `RequestBody`; the upload alone touches its `input`, `decoder` and `output`
/// until it has ended, and `upload` says how it ended.
extension Core {
    func startUpload(
        _ connection: ClientConnection, _ body: RequestBody, to upstream: UpstreamConnection, _ timeouts: Site.Timeouts
    ) {
        body.upload = .running
        body.upstream = upstream
        body.stall = timeouts.answer
        let id = connection.id
        body.task = start { await $0.upload(id) }
    }

    /// Ends an upload that is still running, and waits until it has let go of the body. The connection cannot be used
    /// again after that: where the next request would begin is unknown.
    func endUpload(_ connection: ClientConnection, _ body: RequestBody) async {
        guard let task = body.task else { return }
        if case .running = body.upload {
            body.endsConnection = true
            body.upstream?.socket.close()
            connection.socket.refuseReceives()
        }
        await task.value
        connection.socket.allowReceives()
        body.task = nil
        body.upstream = nil
    }

    private func upload(_ id: Int) async {
        guard let connection = connections[id], let body = connection.body, let upstream = body.upstream else { return }
        do throws(UploadFault) {
            try await uploadAll(connection, body, upstream)
            body.upload = .done
        } catch {
            body.endsConnection = true
            switch error {
            case .request(let reason): body.upload = .refused(reason)
            case .clientGone: body.upload = .abandoned
            case .upstream:
                // It may have answered and closed; the other task will see.
                body.upload = .rejected
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

    private func uploadAll(_ connection: ClientConnection, _ body: RequestBody, _ upstream: UpstreamConnection)
        async throws(UploadFault)
    {
        while true {
            try await uploadBuffered(body, upstream)
            if body.isComplete { return }
            body.input.resize(capacityBytes: Exchange.longBodyBufferBytes)
            do throws(Reason) {
                try await receiveBody(connection, body, deadline: loop.deadline(after: site.timeouts.bodyIdle))
            } catch {
                throw error == .requestTimeout ? .request(error) : .clientGone
            }
        }
    }

    /// Sends what is buffered. A body of known length goes from the buffer it was received into; chunks are written anew,
    /// without extensions and trailers.
    private func uploadBuffered(_ body: RequestBody, _ upstream: UpstreamConnection) async throws(UploadFault) {
        let isChunked = body.framing == .chunked
        body.output.removeAll(keepingCapacity: body.output.capacity <= Exchange.longBodyBufferBytes)
        let input = body.input
        var at = 0
        scanning: while true {
            let step: BodyDecoder.Step
            do throws(Reason) { step = try body.decoder.next(input.readable, from: at) } catch {
                throw .request(error)
            }
            switch step {
            case .data(let range):
                body.bytesReceived &+= UInt64(range.count)
                if let max = site.bodyBytesMax, body.bytesReceived > max { throw .request(.bodyTooLarge) }
                if isChunked {
                    body.output.appendChunkLine(size: range.count)
                    input.copy(range, to: &body.output)
                    body.output.appendCRLF()
                }
                at = range.upperBound
            case .end(let consumed):
                at = consumed
                if isChunked { body.output.appendLastChunk() }
                break scanning
            case .needMore:
                at = input.count
                break scanning
            }
        }
        do throws(IOError) {
            // The head may still be on its way.
            try await upstream.socket.sent(stall: body.stall)
            if isChunked {
                input.consume(at)
                try await upstream.socket.send(body.output, stall: body.stall)
            } else {
                try await upstream.socket.send(from: input, limit: at, stall: body.stall)
            }
        } catch { throw .upstream }
    }
}
