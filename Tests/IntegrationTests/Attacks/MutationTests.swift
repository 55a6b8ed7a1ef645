import Foundation
import Testing

/// Messages that nobody thought of: good ones, mutated. Whatever comes of each, nothing that breaks an invariant reaches
/// the backend, nothing malformed reaches the client, and the gateway lives.
@Suite("Mutated messages", .serialized, .standardStage)
struct MutationTests {
    /// The same messages in every run, unless `GATEHOUSE_SEED` names another run of them.
    private static let seed = ProcessInfo.processInfo.environment["GATEHOUSE_SEED"].flatMap { UInt64($0) } ?? 2026
    private static let rounds = Long.isWanted ? Long.count(200_000) : 1500

    private static let requests: [String] = [
        "GET /public/a?b=c HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n",
        "POST /public/a HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 5\r\n\r\nhello",
        "POST /public/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n",
        "GET /public/a HTTP/1.1\r\nHost: a\r\nConnection: close, X-A\r\nX-A: b\r\nCookie: a=b; refresh_token=c\r\n\r\n",
        "GET http://localhost:8080/public/%7Ea/%20 HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
        "GET /api/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer aaa.bbb.ccc\r\nX-User-Id: evil\r\n\r\n",
        "HEAD /public/a HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n",
        "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n"
            + "{\"email\":\"a@example.com\",\"password\":\"abcdefgh\"}",
        "PUT /public/a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        "GET /public/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /public/2 HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    private static let answers: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    ]

    /// Bytes and words that parsers stumble over.
    private static let spice: [String] = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ";", ",", "\r\n ", "\r\n\r\n", "%", "%2f", "%00", "%2e%2e", "/../",
        "//", "\\", "#", "?",
        "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "content_length: 7\r\n",
        "X-User-Id: evil\r\n",
        "chunked", "identity", "0\r\n\r\n", "ffffffffffffffff", "-1", "+1", "0x", "99999999999999999999", "\u{E9}",
        "HTTP/1.0", "HTTP/1.1",
        "Connection: upgrade\r\nUpgrade: h2c\r\n", "Expect: 100-continue\r\n", "\u{7F}", "\"", "{", "}", "[", "*", "@",
        "_",
    ]

    @Test("mutated requests")
    func mutatedRequests() throws {
        let stage = try Stage.current
        var random = Dice(seed: Self.seed)
        for round in 0..<Self.rounds {
            let wire = Self.mutate(Self.requests.randomElement(using: &random)!, with: &random)
            do {
                let client = try stage.gateway.connect()
                client.offer(wire)
                client.socket.finishSending()
                // The answer to a HEAD cannot be told from one that is cut; those are only read to their end.
                if wire.contains("HEAD") {
                    _ = try client.reader.toEnd(by: .soon)
                } else {
                    for answer in try client.responsesUntilClose() { #expect((100..<600).contains(answer.status)) }
                }
            } catch {
                Issue.record("round \(round): \(error) for \(wire.text.debugDescription)")
            }
            if round % 100 == 0 { try stage.expectAlive() }
        }
        try stage.expectAlive()
        try stage.backend.waitUntilQuiet()
        for request in stage.backend.requests() {
            #expect(request.violations.isEmpty, "\(request.violations): \(request.bytes.text.debugDescription)")
            #expect(request.identity.isEmpty)
        }
    }

    @Test("mutated answers")
    func mutatedAnswers() throws {
        let stage = try Stage.current
        let next = Box<[UInt8]>([])
        stage.backend.on(
            "/public/mutated",
            Script { peer, _ in
                try peer.send(next.value)
                peer.socket.finishSending()
                return false
            })
        var random = Dice(seed: Self.seed)
        for round in 0..<Self.rounds {
            let wire = Self.mutate(Self.answers.randomElement(using: &random)!, with: &random)
            next.change { $0 = wire }
            do {
                let client = try stage.gateway.connect()
                try client.send("GET /public/mutated HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                if let answer = try client.response() { #expect((200..<600).contains(answer.status)) }
                try client.expectClosed()
            } catch {
                Issue.record("round \(round): \(error) for \(wire.text.debugDescription)")
            }
            if round % 100 == 0 { try stage.expectAlive() }
        }
        try stage.expectAlive()
    }

    private static func mutate(_ message: String, with random: inout Dice) -> [UInt8] {
        var bytes = Array(message.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes.insert(contentsOf: Array(spice.randomElement(using: &random)!.utf8), at: at)
            case 1: bytes.replaceSubrange(at..<end, with: Array(spice.randomElement(using: &random)!.utf8))
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 4: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &random) }
            default:
                // A whole line once more, somewhere else: fields that repeat are what smuggling is made of.
                let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                let line = Array(lines.randomElement(using: &random)!) + [0x0A]
                var copy = lines.map { Array($0) + [0x0A] }
                copy.insert(line, at: Int.random(in: 0...copy.count, using: &random))
                bytes = Array(copy.joined().dropLast())
            }
        }
        return bytes
    }
}

/// SplitMix64: small, and the same everywhere.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
