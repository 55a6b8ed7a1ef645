/// Group F of the catalogue: requests that two implementations could cut differently.
enum FramingCases {
    private static let line = "POST /public/f HTTP/1.1\r\nHost: localhost:8080\r\n"
    /// What would be seen if the bytes behind the cut were taken for a request.
    private static let hidden = "GET /public/SMUGGLED HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"

    /// A POST with these field lines, each ended by its CRLF, and this body.
    private static func post(_ fields: String, _ body: String = "hello") -> String { "\(line)\(fields)\r\n\(body)" }

    private static func length(_ id: String, _ value: String) -> WireCase {
        WireCase(id, "Content-Length: \(value)", post("Content-Length: \(value)\r\n"))
    }

    private static func coding(_ id: String, _ value: String) -> WireCase {
        WireCase(
            id, "Transfer-Encoding: \(value)",
            post("Transfer-Encoding: \(value)\r\n", "5\r\nhello\r\n0\r\n\r\n\(hidden)"))
    }

    static let lengths: [WireCase] = [
        WireCase(
            "F-01", "Content-Length beside Transfer-Encoding, a request hidden in the chunk",
            post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "39\r\n\(hidden)\r\n0\r\n\r\n"), .refuse(400)),
        WireCase(
            "F-02", "Content-Length beside Transfer-Encoding, a request behind the last chunk",
            post("Content-Length: 62\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n\(hidden)"), .refuse(400)),
        WireCase(
            "F-03", "Transfer-Encoding before Content-Length",
            post("Transfer-Encoding: chunked\r\nContent-Length: 62\r\n", "0\r\n\r\n\(hidden)"), .refuse(400)),
        WireCase(
            "F-04", "Transfer-Encoding in HTTP/1.0",
            "POST /public/f HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n\(hidden)"),
        WireCase(
            "F-05", "two different Content-Length", post("Content-Length: 5\r\nContent-Length: 6\r\n"), .refuse(400)),
        WireCase("F-06", "two equal Content-Length", post("Content-Length: 5\r\nContent-Length: 5\r\n"), .refuse(400)),
        length("F-07", "5, 5"),
        length("F-08", "5, 6"),
        length("F-09a", "+5"),
        length("F-09b", "-5"),
        length("F-09c", "0x5"),
        length("F-09d", "5 5"),
        length("F-09e", ""),
        length("F-09f", "5.0"),
        length("F-09g", "5;"),
        length("F-09h", "5x"),
        length("F-09i", "\u{665}"),
        length("F-09j", "5e0"),
        length("F-09k", "5,"),
        length("F-11", "18446744073709551621"),
        length("F-12", "9223372036854775808"),
        length("F-13", String(repeating: "9", count: 400)),
        WireCase("F-14", "Content-Length: 005", post("Content-Length: 005\r\n"), .safe),
        WireCase("F-15a", "blank before the colon of Content-Length", post("Content-Length : 5\r\n")),
        WireCase("F-15b", "tab before the colon of Content-Length", post("Content-Length\t: 5\r\n")),
        WireCase(
            "F-16a", "blank before the colon of Transfer-Encoding", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")
        ),
        WireCase(
            "F-16b", "tab before the colon of Transfer-Encoding", post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n")),
    ]

    static let codings: [WireCase] = [
        coding("F-17a", "xchunked"),
        coding("F-17b", "identity"),
        coding("F-17c", "chunked, identity"),
        coding("F-17d", "gzip"),
        coding("F-17e", ",chunked"),
        coding("F-17f", "chunked,"),
        coding("F-17g", "chunked, chunked"),
        coding("F-17h", "gzip, chunked"),
        coding("F-17i", "\u{0B}chunked"),
        coding("F-17j", "\"chunked\""),
        coding("F-17k", "chunked;q=1"),
        coding("F-17l", ""),
        coding("F-17m", "chunked\u{0C}"),
        coding("F-17n", "chun\u{212A}ed"),
        coding("F-17q", "chunked cow"),
        WireCase(
            "F-18", "two Transfer-Encoding: chunked lines",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        WireCase(
            "F-19", "Transfer-Encoding: chunked and identity on two lines",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")),
        WireCase("F-20", "Transfer-Encoding in an obs-fold", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")),
        WireCase(
            "F-21", "Transfer-Encoding: tab ChUnKeD",
            post("Transfer-Encoding: \tChUnKeD\r\n", "5\r\nhello\r\n0\r\n\r\n"), .safe),
        WireCase(
            "F-22", "Transfer-Encoding on a folded line of another field",
            post("X-A: b\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 5\r\n")),
    ]

    static let fields: [WireCase] = [
        WireCase("F-24a", "a line of blanks before the first field", "GET /public/f HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
        WireCase(
            "F-24b", "a field that begins with a blank right behind the request line",
            "GET /public/f HTTP/1.1\r\n Host: a\r\n\r\n"),
        WireCase(
            "F-26", "a bare CR hides a field", post("X-A: b\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n")),
        WireCase(
            "F-27", "a bare LF hides a field", post("X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n")),
        WireCase("F-28", "bare LF line ends throughout", "GET /public/f HTTP/1.1\nHost: a\n\n"),
        WireCase("F-29", "the head ends by a bare LF", "GET /public/f HTTP/1.1\r\nHost: a\r\n\nX: y\r\n\r\n"),
        WireCase("F-30", "CR CR LF", "GET /public/f HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        WireCase("F-31", "NUL in a value", post("X-A: b\0c\r\nContent-Length: 5\r\n")),
        WireCase("F-32a", "control byte in a value", post("X-A: b\u{01}c\r\nContent-Length: 5\r\n")),
        WireCase("F-32b", "DEL in a value", post("X-A: b\u{7F}c\r\nContent-Length: 5\r\n")),
        WireCase("F-33", "an empty field name", post(": x\r\nContent-Length: 5\r\n")),
        WireCase("F-34", "a lone colon", post(":\r\nContent-Length: 5\r\n")),
        WireCase("F-35", "a line without a colon", post("Content-Length\r\nX-A: b\r\n", "")),
        WireCase("F-36", "a bracket in a field name", post("X[A]: b\r\nContent-Length: 5\r\n")),
        WireCase("F-37", "an 8-bit byte in a field name", post("X\u{E4}: b\r\nContent-Length: 5\r\n")),
        WireCase("F-38", "a NUL in a field name", post("X\0A: b\r\nContent-Length: 5\r\n")),
        WireCase("F-39", "obs-fold on an ordinary field", post("X-A: b\r\n c\r\nContent-Length: 5\r\n")),
    ]

    static let targets: [WireCase] = [
        WireCase("F-61", "HTTP/0.9", "GET /public/f\r\n\r\n"),
        WireCase("F-62", "HTTP/9.9", "GET /public/f HTTP/9.9\r\nHost: a\r\n\r\n"),
        WireCase("F-63a", "HTTP/2.0", "GET /public/f HTTP/2.0\r\nHost: a\r\n\r\n"),
        WireCase("F-63b", "HTTP/1.2", "GET /public/f HTTP/1.2\r\nHost: a\r\n\r\n", .safe),
        WireCase("F-63c", "HTTP/1.10", "GET /public/f HTTP/1.10\r\nHost: a\r\n\r\n"),
        WireCase("F-63d", "HTTP/1.1 and a blank", "GET /public/f HTTP/1.1 \r\nHost: a\r\n\r\n"),
        WireCase("F-64", "http/1.1", "GET /public/f http/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-65", "no version but a blank", "GET /public/f \r\nHost: a\r\n\r\n"),
        WireCase("F-66a", "two blanks before the target", "GET  /public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-66b", "two blanks behind the target", "GET /public/f  HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-67", "a tab in the request line", "GET\t/public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-68", "a blank in the target", "GET /public/f g HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-69", "NUL in the method", "GE\0T /public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-70a", "a lower-case method", "get /public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-70b", "a blank before the method", " GET /public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase(
            "F-71", "a method of 4 KiB", String(repeating: "A", count: 4096) + " /public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-72", "an 8-bit byte in the target", "GET /public/\u{E4} HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-73", "a control byte in the target", "GET /public/\u{01} HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-74", "# in the target", "GET /public/f#g HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-75", "no leading slash", "GET public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-76a", "authority-form with GET", "GET localhost:8080 HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-76b", "an empty target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-77", "asterisk with GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase("F-80", "no Host", "GET /public/f HTTP/1.1\r\nX: y\r\n\r\n", .refuse(400)),
        WireCase("F-81a", "two Hosts", "GET /public/f HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .refuse(400)),
        WireCase("F-81b", "two equal Hosts", "GET /public/f HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", .refuse(400)),
        WireCase("F-82a", "Host: a b", "GET /public/f HTTP/1.1\r\nHost: a b\r\n\r\n", .refuse(400)),
        WireCase("F-82b", "Host: a/b", "GET /public/f HTTP/1.1\r\nHost: a/b\r\n\r\n", .refuse(400)),
        WireCase("F-82c", "Host: a@b", "GET /public/f HTTP/1.1\r\nHost: a@b\r\n\r\n", .refuse(400)),
        WireCase("F-82d", "Host: a:port", "GET /public/f HTTP/1.1\r\nHost: a:port\r\n\r\n", .refuse(400)),
        WireCase("F-82e", "Host: a:99999", "GET /public/f HTTP/1.1\r\nHost: a:99999\r\n\r\n", .safe),
        WireCase("F-83", "one empty line first", "\r\nGET /public/f HTTP/1.1\r\nHost: a\r\n\r\n", .safe),
        WireCase("F-84", "absolute-form of another scheme", "GET ftp://a/public/f HTTP/1.1\r\nHost: a\r\n\r\n"),
        WireCase(
            "F-85", "absolute-form with another Host", "GET http://b/public/f HTTP/1.1\r\nHost: a\r\n\r\n", .refuse(400)
        ),
        WireCase("F-94", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{04}\0\0\0\0\0"),
    ]
}
