import EventLoop
import HTTP
import Reasons

/// Request bodies that end here: read for `/api/auth`, or thrown away behind a refusal.
extension Core {
    /// Reads away what is left of a small body, so that the connection can go on; a large one ends it instead.
    func discardBody(_ connection: ClientConnection, _ exchange: inout Exchange) async {
        guard !exchange.mustClose else { return }
        exchange.input.consume(exchange.headBytes)
        exchange.headBytes = 0
        if exchange.body.isComplete { return }
        // Who waits for 100 Continue has not sent the body and now never will; whether it does is its secret.
        guard !exchange.owesContinue, case .length(let length) = exchange.head.framing, length <= Self.discardBytesMax
        else {
            exchange.mustClose = true
            return
        }
        do throws(Reason) {
            _ = try await readBody(connection, &exchange, bytesMax: Self.discardBytesMax)
        } catch {
            exchange.mustClose = true
        }
    }

    private static let discardBytesMax: UInt64 = 64 << 10

    /// The whole body of a request, for calls that the gateway answers itself.
    ///
    /// - Throws: `.bodyTooLarge`, `.malformedChunk`, `.requestTimeout`; `.malformedRequest` when it was cut short.
    func readBody(_ connection: ClientConnection, _ exchange: inout Exchange, bytesMax: UInt64) async throws(Reason)
        -> [UInt8]
    {
        exchange.input.consume(exchange.headBytes)
        exchange.headBytes = 0
        let input = exchange.input
        // One bound for the whole of it: byte by byte, a small body could hold its connection for days.
        let deadline = loop.deadline(after: site.timeouts.bodyIdle)
        var body: [UInt8] = []
        while !exchange.body.isComplete {
            var at = 0
            var needsMore = false
            while !needsMore, !exchange.body.isComplete {
                do throws(Reason) {
                    switch try exchange.body.decoder.next(input.readable, from: at) {
                    case .data(let range):
                        exchange.body.bytesReceived += UInt64(range.count)
                        guard exchange.body.bytesReceived <= bytesMax else { throw .bodyTooLarge }
                        input.copy(range, to: &body)
                        at = range.upperBound
                    case .end(let consumed): at = consumed
                    case .needMore:
                        at = input.count
                        needsMore = true
                    }
                } catch {
                    exchange.mustClose = true
                    throw error
                }
            }
            input.consume(at)
            if needsMore {
                try await inviteBody(connection, &exchange)
                try await receiveBody(connection, exchange.body, deadline: deadline)
            }
        }
        return body
    }

    /// Tells a client that waits for it to send its body.
    ///
    /// Only the task that serves the request may do that, and before an upload begins: written by the uploading task, the
    /// line could stand in the middle of an answer that overtakes the body, or wait for the same socket as that answer.
    func inviteBody(_ connection: ClientConnection, _ exchange: inout Exchange) async throws(Reason) {
        guard exchange.owesContinue else { return }
        exchange.owesContinue = false
        // It has not waited after all.
        if case .length(let length) = exchange.head.framing, length <= UInt64(exchange.input.count) { return }
        do throws(IOError) {
            try await connection.socket.sent(stall: site.timeouts.bodyIdle)
            try await connection.socket.send(Self.continueLine, stall: site.timeouts.bodyIdle)
        } catch {
            exchange.mustClose = true
            throw error == .timedOut ? .requestTimeout : .malformedRequest
        }
    }

    /// Receives more of a request's body.
    func receiveBody(_ connection: ClientConnection, _ body: RequestBody, deadline: Milliseconds) async throws(Reason) {
        do throws(IOError) {
            if try await connection.socket.receive(into: body.input, deadline: deadline) > 0 { return }
        } catch {
            body.endsConnection = true
            throw error == .timedOut ? .requestTimeout : .malformedRequest
        }
        body.endsConnection = true
        throw .malformedRequest
    }

    private static let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
