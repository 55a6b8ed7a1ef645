import Testing

@Suite("Long: bodies of 1 GiB", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongBodyTests {
    private static let bodyBytes = 1 << 30
    private static let memoryKiBMax = 64 << 10

    @Test("an upload of 1 GiB passes with the process under 64 MiB, announced and chunked")
    func upload() throws {
        let stage = try Stage { .standard($0) }
        for framing in ["Content-Length: \(Self.bodyBytes)", "Transfer-Encoding: chunked"] {
            let isChunked = framing.hasPrefix("T")
            let mark = stage.backend.mark
            let client = try stage.gateway.connect()
            try client.send("POST /public/long HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
            var most = 0
            for number in 0..<(Self.bodyBytes / Pattern.block.count) {
                if isChunked { try client.send("10000\r\n") }
                try client.send(Pattern.block, by: .seconds(60))
                if isChunked { try client.send("\r\n") }
                if number % 512 == 0 { most = max(most, try stage.gateway.residentKiB()) }
            }
            if isChunked { try client.send("0\r\n\r\n") }
            #expect(try client.mustRespond(by: .seconds(60)).status == 200)
            let seen = try stage.backend.waitForRequests(1, since: mark)
            #expect(seen.map(\.bodyCount) == [Self.bodyBytes])
            #expect(most < Self.memoryKiBMax)
            Long.say("upload, \(framing): \(most) KiB resident at most")
        }
        try stage.end()
    }

    @Test("a download of 1 GiB passes with the process under 64 MiB, byte for byte")
    func download() throws {
        let stage = try Stage { .standard($0) }
        stage.backend.on("/public/long", .download(Self.bodyBytes))
        let client = try stage.gateway.connect()
        try client.send("GET /public/long HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try #require(try WireResponse.head(from: client.reader, by: .soon))
        #expect(head["Content-Length"] == "\(Self.bodyBytes)")
        var most = 0
        for number in 0..<(Self.bodyBytes / Pattern.block.count) {
            let block = try #require(try client.reader.exactly(Pattern.block.count, by: .seconds(60)))
            guard block == Pattern.block else { throw Failure("block \(number) is not what was sent") }
            if number % 512 == 0 { most = max(most, try stage.gateway.residentKiB()) }
        }
        #expect(most < Self.memoryKiBMax)
        Long.say("download: \(most) KiB resident at most")
        try stage.end()
    }
}
