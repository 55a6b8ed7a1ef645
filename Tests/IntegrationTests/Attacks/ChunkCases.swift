/// Group F of the catalogue: chunked bodies that two implementations could cut differently.
enum ChunkCases {
    private static let head = "POST /public/f HTTP/1.1\r\nHost: localhost:8080\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func chunks(
        _ id: String, _ what: String, _ body: String, _ verdict: WireCase.Verdict = .reject
    ) -> WireCase {
        WireCase(id, what, head + body, verdict)
    }

    private static func size(_ id: String, _ what: String, _ size: String) -> WireCase {
        chunks(id, "chunk size \(what)", "\(size)\r\nhello\r\n0\r\n\r\n")
    }

    /// The first size line is bad already: nothing of it may reach the backend.
    static let sizes: [WireCase] = [
        size("F-40a", "0x5", "0x5"),
        size("F-40b", "+5", "+5"),
        size("F-40c", "-5", "-5"),
        size("F-40d", "with a blank before it", " 5"),
        size("F-40e", "with a blank behind it", "5 "),
        size("F-40f", "with a tab behind it", "5\t"),
        size("F-40g", "empty", ""),
        size("F-40h", "5g", "5g"),
        size("F-40i", "in Arabic digits", "\u{665}"),
        size("F-40j", "5_", "5_"),
        size("F-41", "2^64+5", "10000000000000005"),
        size("F-42", "2^63", "8000000000000000"),
        size("F-43", "2^64-1", "ffffffffffffffff"),
        size("F-44", "of 4000 digits", String(repeating: "0", count: 3999) + "5"),
        size("F-46", "with a bare LF inside its extension", "5;a\nb"),
        size("F-47", "with a bare CR inside its extension", "5;a\rb"),
        size("F-48", "with a control byte inside its extension", "5;a\u{01}b"),
        size("F-49", "with NUL inside its extension", "5;a\0b"),
        chunks("F-53", "chunk size line ended by LF", "5\nhello\r\n0\r\n\r\n"),
        size("F-57", "with an extension of 64 KiB", "5;" + String(repeating: "a", count: 65536)),
    ]

    /// The fault comes later.
    static let bodies: [WireCase] = [
        chunks("F-50", "chunk data longer than its size", "3\r\nhello\r\n0\r\n\r\n", .breakOff),
        chunks("F-51", "chunk data shorter than its size", "7\r\nhello\r\n0\r\n\r\n", .breakOff),
        chunks("F-52", "chunk data ended by LF", "5\r\nhello\n0\r\n\r\n", .breakOff),
        chunks("F-54", "chunk data ended by CR", "5\r\nhello\r0\r\n\r\n", .breakOff),
        chunks("F-55", "second size bad", "5\r\nhello\r\nzz\r\n0\r\n\r\n", .breakOff),
        chunks("F-56", "last chunk 00x", "5\r\nhello\r\n00x\r\n\r\n", .breakOff),
        chunks("F-58d", "obs-fold in a trailer", "5\r\nhello\r\n0\r\nX-A: b\r\n c\r\n\r\n", .breakOff),
        chunks("F-58e", "a trailer line without a colon", "5\r\nhello\r\n0\r\nX-A\r\n\r\n", .breakOff),
        chunks(
            "F-58f", "300 KiB of trailers",
            "5\r\nhello\r\n0\r\n" + String(repeating: "X-A: bbbbbbbbbbbbbbbbbbbbbbb\r\n", count: 10_000) + "\r\n",
            .breakOff),
    ]

    /// Legal, and yet nothing of the wrapping may cross.
    static let legal: [WireCase] = [
        chunks("F-45a", "a chunk extension", "5;name=value\r\nhello\r\n0;end\r\n\r\n", .safe),
        chunks("F-45b", "a quoted chunk extension", "5;n=\"a;b\"\r\nhello\r\n0\r\n\r\n", .safe),
        chunks("F-45c", "leading zeros", "00005\r\nhello\r\n000\r\n\r\n", .safe),
        chunks("F-58a", "trailer Content-Length", "5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n", .safe),
        chunks("F-58b", "trailer Transfer-Encoding", "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", .safe),
        chunks(
            "F-58c", "trailers Authorization and X-User-Id",
            "5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\nX-User-Id: admin\r\n\r\n", .safe),
    ]
}
