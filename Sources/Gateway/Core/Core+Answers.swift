import EventLoop
import HTTP
import Reasons

/// Answers that the gateway gives itself: refusals, `/api/auth`, the admin pages.
extension Core {
    /// Answers a refusal.
    func refuse(_ connection: ClientConnection, _ exchange: Exchange, _ reason: Reason) async {
        exchange.record.reason = reason
        var answer = site.errors.make(reason, requestID: exchange.record.requestID)
        if connection.purpose == .gate {
            answer.fields += site.cors.fields(origin: exchange.origin)
        }
        await send(answer, connection, exchange)
    }

    /// Sends an answer of our own, after which the request's body is out of the way or the connection ends.
    func send(_ answer: AuthAnswer, _ connection: ClientConnection, _ exchange: Exchange) async {
        await discardBody(connection, exchange)
        let isHEAD = exchange.head.knownMethod == .head
        exchange.output.removeAll(keepingCapacity: true)
        exchange.output.appendStatusLine(answer.status)
        exchange.output.append("Date: ")
        IMFFixdate.append(unixSeconds: clock.seconds, to: &exchange.output)
        exchange.output.appendCRLF()
        for field in answer.fields {
            _ = exchange.output.appendField(field.name, checked: Array(field.value.utf8).span)
        }
        if answer.status != 204 { exchange.output.appendField("Content-Length", decimal: UInt64(answer.body.count)) }
        if exchange.mustClose {
            exchange.output.append("Connection: close\r\n")
        } else if exchange.head.minorVersion == 0 {
            exchange.output.append("Connection: keep-alive\r\n")
        }
        exchange.output.appendCRLF()
        if !isHEAD, answer.status != 204 {
            exchange.output.append(contentsOf: answer.body)
            exchange.record.bytesOut = UInt64(answer.body.count)
        }
        exchange.record.status = answer.status
        exchange.record.reason = answer.reason ?? exchange.record.reason
        exchange.hasAnswered = true
        do throws(IOError) {
            try await connection.socket.send(exchange.output, stall: site.timeouts.bodyIdle)
        } catch {
            exchange.mustClose = true
        }
    }
}
