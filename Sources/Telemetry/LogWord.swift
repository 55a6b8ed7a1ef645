import Bytes

/// A text that comes again and again in the access log, a route, a server, a caller, in the spellings that the formats
/// want: escaped once, when it is made.
package final class LogWord: Sendable, ExpressibleByStringLiteral {
    /// With its quotes; `null` for nothing.
    let json: [UInt8]
    /// Without quotes, blanks escaped; `-` for nothing.
    let combined: [UInt8]

    package init(_ text: String) {
        var json: [UInt8] = []
        if text.isEmpty { json += Array("null".utf8) } else { LogText.appendJSON(text.utf8.span, to: &json) }
        var combined: [UInt8] = []
        LogText.appendCombined(text.utf8.span, to: &combined, escapingBlanks: true)
        self.json = json
        self.combined = combined
    }

    func appendJSON(to line: inout [UInt8]) {
        let json = json
        line.append(json.span)
    }

    package convenience init(stringLiteral text: String) { self.init(text) }
}

/// Who sent a request, as the log writes it: one object, because every line of that caller has both.
package final class LogBearer: Sendable {
    /// The `sub` of the token.
    let user: LogWord?
    /// Its `sid`.
    let session: LogWord?

    package init(user: LogWord?, session: LogWord?) {
        self.user = user
        self.session = session
    }
}
