import Bytes
import Encoding
import Reasons

/// How a line of the access log is written (`access-log FILE json|combined`).
package enum AccessLogFormat: Sendable {
    /// One JSON object a line: for machines, and complete.
    case json
    /// The format of Apache and nginx, for tools that read nothing else. It has no room for the decision.
    case combined
}

/// What is remembered of one request.
///
/// There is no field for a token, a password, a cookie or a body, so none can end up in the log; and whatever follows a
/// `?` or `#` in the path or the referer is cut off when the line is written, because queries carry secrets.
package struct AccessLogLine: ~Copyable {
    /// When the request's head had been read: milliseconds since 1970, UTC.
    package var unixMilliseconds: Int64 = 0
    /// 128 bits, written as a UUID.
    package var requestID: (high: UInt64, low: UInt64) = (0, 0)
    /// The peer, or what a trusted proxy said about it; an address without port.
    package var client = ""
    /// Empty when no head could be read.
    package var method: [UInt8] = []
    /// The canonical path; empty when the request was refused before it had one.
    package var path: [UInt8] = []
    /// 0 when the client went away before it got an answer.
    package var status: UInt16 = 0
    /// Why the request was refused; nil when it was let through or answered.
    package var reason: Reason?
    /// The pattern of the winning route, as the configuration writes it.
    package var route: LogWord?
    /// What the rule said.
    package var decision = Decision.refused
    /// Whose valid token it was.
    package var bearer: LogBearer?
    /// The address of the server that was asked.
    package var upstream: LogWord?
    /// Of the request's body and of the answer's, as they came and went.
    package var bytesIn: UInt64 = 0
    package var bytesOut: UInt64 = 0
    /// From the end of the head to the end of the answer.
    package var totalMicroseconds: UInt64 = 0
    /// From the first byte to the upstream to the head of its answer; nil when none was asked.
    package var upstreamMicroseconds: UInt64?
    /// The `shadow` line that would have decided otherwise, if there was one.
    package var shadow: Shadow?
    /// For the combined format only; may stay empty otherwise.
    package var userAgent: [UInt8] = []
    /// For the combined format only; may stay empty otherwise.
    package var referer: [UInt8] = []

    package enum Decision: String, Sendable {
        case open = "public"
        case user, role, accounts, refused
    }

    /// What a `shadow` line would have made of the request.
    package struct Shadow: Sendable {
        package let route: LogWord
        /// Nil: it would have let it through.
        package let reason: Reason?

        package init(route: LogWord, reason: Reason?) {
            self.route = route
            self.reason = reason
        }
    }

    package init() {}

    /// Makes the value ready for the next request; the memory of its texts is kept.
    package mutating func reset() {
        method.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        status = 0
        reason = nil
        route = nil
        decision = .refused
        bearer = nil
        upstream = nil
        bytesIn = 0
        bytesOut = 0
        upstreamMicroseconds = nil
        shadow = nil
        if !userAgent.isEmpty { userAgent.removeAll(keepingCapacity: true) }
        if !referer.isEmpty { referer.removeAll(keepingCapacity: true) }
    }

    /// Writes the line with its newline.
    borrowing func append(to line: inout [UInt8], format: AccessLogFormat, _ clock: LogClock) {
        switch format {
        case .json: appendJSON(to: &line, clock)
        case .combined: appendCombined(to: &line)
        }
    }

    // MARK: - JSON

    /// Every member is in every line, `null` where there is nothing to say, so that a reader need not guess. `shadow` alone is
    /// only there when a rule that is tried would have decided otherwise.
    private borrowing func appendJSON(to line: inout [UInt8], _ clock: LogClock) {
        line.append("{\"time\":\"")
        clock.append(unixMilliseconds, to: &line)
        line.append("\",\"requestId\":\"")
        UUIDText.appendVersion4(requestID.high, requestID.low, to: &line)
        line.append("\",\"client\":\"")
        line.append(text: client)
        line.append("\",\"method\":")
        appendText(method, to: &line)
        line.append(",\"path\":")
        appendText(path, to: &line)
        line.append(",\"status\":")
        line.appendDecimal(UInt64(status))
        line.append(",\"code\":")
        if let reason { LogText.appendJSON(reason.code.utf8.span, to: &line) } else { line.append("null") }
        line.append(",\"route\":")
        append(route, to: &line)
        line.append(",\"decision\":\"")
        line.append(text: decision.rawValue)
        line.append("\",\"user\":")
        append(bearer?.user, to: &line)
        line.append(",\"session\":")
        append(bearer?.session, to: &line)
        line.append(",\"upstream\":")
        append(upstream, to: &line)
        if let shadow { appendJSON(shadow, to: &line) }
        line.append(",\"bytes\":{\"in\":")
        line.appendDecimal(bytesIn)
        line.append(",\"out\":")
        line.appendDecimal(bytesOut)
        line.append("},\"durations\":{\"totalMs\":")
        LogText.appendMilliseconds(totalMicroseconds, to: &line)
        line.append(",\"upstreamMs\":")
        if let upstreamMicroseconds {
            LogText.appendMilliseconds(upstreamMicroseconds, to: &line)
            line.append("}}\n")
        } else {
            line.append("null}}\n")
        }
    }

    private borrowing func appendJSON(_ shadow: Shadow, to line: inout [UInt8]) {
        line.append(",\"shadow\":{\"route\":")
        shadow.route.appendJSON(to: &line)
        line.append(",\"code\":")
        if let reason = shadow.reason {
            LogText.appendJSON(reason.code.utf8.span, to: &line)
        } else {
            line.append("null")
        }
        line.append("}")
    }

    private borrowing func append(_ word: LogWord?, to line: inout [UInt8]) {
        if let word { word.appendJSON(to: &line) } else { line.append("null") }
    }

    private borrowing func appendText(_ text: borrowing [UInt8], to line: inout [UInt8]) {
        if text.isEmpty {
            line.append("null")
        } else {
            let shown = Self.lengthWithoutQuery(text.span)
            LogText.appendJSON(text.span.extracting(0..<shown), to: &line)
        }
    }

    // MARK: - Combined

    /// `client - user [time] "METHOD path HTTP/1.1" status bytes "referer" "user agent"`.
    private borrowing func appendCombined(to line: inout [UInt8]) {
        LogText.appendCombined(client.utf8.span, to: &line)
        line.append(" - ")
        if let user = bearer?.user { line.append(contentsOf: user.combined) } else { line.append("-") }
        line.append(" [")
        LogText.appendCommonTime(CivilDate(milliseconds: unixMilliseconds), to: &line)
        line.append("] \"")
        LogText.appendCombined(method.span, to: &line)
        line.append(" ")
        LogText.appendCombined(path.span.extracting(0..<Self.lengthWithoutQuery(path.span)), to: &line)
        line.append(" HTTP/1.1\" ")
        line.appendDecimal(UInt64(status))
        line.append(" ")
        line.appendDecimal(bytesOut)
        line.append(" \"")
        LogText.appendCombined(referer.span.extracting(0..<Self.lengthWithoutQuery(referer.span)), to: &line)
        line.append("\" \"")
        LogText.appendCombined(userAgent.span, to: &line)
        line.append("\"\n")
    }

    /// A path holds no `?`; one that does has come here by mistake, and its query still stays out of the log.
    private static func lengthWithoutQuery(_ text: borrowing Span<UInt8>) -> Int {
        for index in text.indices where text[index] == UInt8(ascii: "?") || text[index] == UInt8(ascii: "#") {
            return index
        }
        return text.count
    }
}
