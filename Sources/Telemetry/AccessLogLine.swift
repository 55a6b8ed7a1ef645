import Encoding

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
package struct AccessLogLine: Sendable {
    /// When the request was done with: milliseconds since 1970, UTC.
    package var unixMilliseconds: Int64
    package var requestID: String
    /// The peer, or what a trusted proxy said about it; without port.
    package var client: String
    /// Empty when no head could be read.
    package var method: [UInt8] = []
    /// The canonical path; empty when the request was refused before it had one.
    package var path: [UInt8] = []
    /// 0 when the client went away before it got an answer.
    package var status: UInt16 = 0
    /// The stable code of a refusal; nil when the request was let through or answered.
    package var code: String?
    /// The pattern of the winning route, as the configuration writes it.
    package var route: String?
    /// What the rule said: `public`, `user`, `role`, `accounts`, `refused`.
    package var decision: String?
    /// The `sub` of a valid token.
    package var user = ""
    /// The `sid` of a valid token.
    package var session = ""
    /// The address of the server that was asked.
    package var upstream = ""
    /// Of the request's body and of the answer's, as they came and went.
    package var bytesIn: UInt64 = 0
    package var bytesOut: UInt64 = 0
    /// From the end of the head to the end of the answer.
    package var totalMicroseconds: UInt64 = 0
    /// From the first byte to the upstream to the head of its answer; nil when none was asked.
    package var upstreamMicroseconds: UInt64?
    /// For the combined format only; may stay empty otherwise.
    package var userAgent: [UInt8] = []
    /// For the combined format only; may stay empty otherwise.
    package var referer: [UInt8] = []

    package init(unixMilliseconds: Int64, requestID: String, client: String) {
        self.unixMilliseconds = unixMilliseconds
        self.requestID = requestID
        self.client = client
    }

    /// Writes the line with its newline.
    package func append(to line: inout [UInt8], format: AccessLogFormat) {
        switch format {
        case .json: appendJSON(to: &line)
        case .combined: appendCombined(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
    }

    // MARK: - JSON

    /// Every member is in every line, `null` where there is nothing to say, so that a reader need not guess.
    private func appendJSON(to line: inout [UInt8]) {
        append("{\"time\":\"", to: &line)
        RFC3339.append(milliseconds: unixMilliseconds, to: &line)
        append("\",\"requestId\":", to: &line)
        appendText(requestID, to: &line)
        append(",\"client\":", to: &line)
        appendText(client, to: &line)
        append(",\"method\":", to: &line)
        appendText(method, to: &line)
        append(",\"path\":", to: &line)
        appendText(withoutQuery(path), to: &line)
        append(",\"status\":", to: &line)
        LogText.appendDecimal(UInt64(status), to: &line)
        append(",\"code\":", to: &line)
        appendText(code, to: &line)
        append(",\"route\":", to: &line)
        appendText(route, to: &line)
        append(",\"decision\":", to: &line)
        appendText(decision, to: &line)
        append(",\"user\":", to: &line)
        appendText(user, to: &line)
        append(",\"session\":", to: &line)
        appendText(session, to: &line)
        append(",\"upstream\":", to: &line)
        appendText(upstream, to: &line)
        append(",\"bytes\":{\"in\":", to: &line)
        LogText.appendDecimal(bytesIn, to: &line)
        append(",\"out\":", to: &line)
        LogText.appendDecimal(bytesOut, to: &line)
        append("},\"durations\":{\"totalMs\":", to: &line)
        LogText.appendMilliseconds(totalMicroseconds, to: &line)
        append(",\"upstreamMs\":", to: &line)
        if let upstreamMicroseconds {
            LogText.appendMilliseconds(upstreamMicroseconds, to: &line)
        } else {
            append("null", to: &line)
        }
        append("}}", to: &line)
    }

    private func appendText(_ text: [UInt8], to line: inout [UInt8]) {
        if text.isEmpty { append("null", to: &line) } else { LogText.appendJSON(text.span, to: &line) }
    }

    private func appendText(_ text: String?, to line: inout [UInt8]) {
        if let text, !text.isEmpty { LogText.appendJSON(text.utf8.span, to: &line) } else { append("null", to: &line) }
    }

    // MARK: - Combined

    /// `client - user [time] "METHOD path HTTP/1.1" status bytes "referer" "user agent"`.
    private func appendCombined(to line: inout [UInt8]) {
        LogText.appendCombined(client.utf8.span, to: &line)
        append(" - ", to: &line)
        LogText.appendCombined(user.utf8.span, to: &line, escapingBlanks: true)
        append(" [", to: &line)
        LogText.appendCommonTime(CivilDate(milliseconds: unixMilliseconds), to: &line)
        append("] \"", to: &line)
        LogText.appendCombined(method.span, to: &line)
        append(" ", to: &line)
        LogText.appendCombined(withoutQuery(path).span, to: &line)
        append(" HTTP/1.1\" ", to: &line)
        LogText.appendDecimal(UInt64(status), to: &line)
        append(" ", to: &line)
        LogText.appendDecimal(bytesOut, to: &line)
        append(" \"", to: &line)
        LogText.appendCombined(withoutQuery(referer).span, to: &line)
        append("\" \"", to: &line)
        LogText.appendCombined(userAgent.span, to: &line)
        append("\"", to: &line)
    }

    private func append(_ text: String, to line: inout [UInt8]) {
        line.append(contentsOf: text.utf8)
    }

    /// A path holds no `?`; one that does has come here by mistake, and its query still stays out of the log.
    private func withoutQuery(_ text: [UInt8]) -> [UInt8] {
        guard let end = text.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            return text
        }
        return Array(text[..<end])
    }
}
