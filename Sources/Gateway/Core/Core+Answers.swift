import Bytes
import EventLoop
import HTTP
import Reasons

/// Answers that the gateway gives itself: refusals, `/api/auth`, the admin pages.
extension Core {
    /// Answers a refusal.
    func refuse(_ connection: ClientConnection, _ exchange: inout Exchange, _ reason: Reason) async {
        exchange.record.reason = reason
        if reason.status == 401, connection.purpose == .gate, let page = site.signInPage {
            let input = exchange.input
            if let answer = page.answer(to: exchange.head, input.readable) {
                return await send(answer, connection, &exchange)
            }
        }
        let sentence = reason == .crossSite ? CrossSite.sentence(origin: exchange.origin) : nil
        var answer = site.errors.make(reason, requestID: exchange.requestID.text, sentence: sentence)
        if connection.purpose == .gate {
            answer.fields += site.cors.fields(origin: exchange.origin)
            if !exchange.decidedAt.isEmpty {
                let decision = "\(reason.code); \(exchange.decidedAt)"
                answer.fields.append(AuthAnswer.Field(name: DebugHeader.answerName, value: decision))
            }
        }
        await send(answer, connection, &exchange)
    }

    /// Sends an answer of our own, after which the request's body is out of the way or the connection ends.
    func send(_ answer: AuthAnswer, _ connection: ClientConnection, _ exchange: inout Exchange) async {
        await discardBody(connection, &exchange)
        if connection.socket.isSending, !(await flush(connection)) { exchange.mustClose = true }
        let isHEAD = exchange.head.knownMethod == .head
        var output = loop.takeBytes()
        output.appendStatusLine(answer.status)
        output.append("Date: ")
        IMFFixdate.append(unixSeconds: clock.seconds, to: &output)
        output.appendCRLF()
        for field in answer.fields {
            _ = output.appendField(field.name, checked: Array(field.value.utf8).span)
        }
        if answer.status != 204 { output.appendField("Content-Length", decimal: UInt64(answer.body.count)) }
        if exchange.mustClose {
            output.append("Connection: close\r\n")
        } else if exchange.head.minorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
        output.appendCRLF()
        if !isHEAD, answer.status != 204 {
            output.append(contentsOf: answer.body)
            exchange.record.bytesOut = UInt64(answer.body.count)
        }
        exchange.record.status = answer.status
        exchange.record.reason = answer.reason ?? exchange.record.reason
        exchange.hasAnswered = true
        connection.socket.startSend(consume output)
    }
}
