import HTTP
import Reasons
import Testing

/// Reads accepted heads and bodies a second time, slowly and in another way: whole, line by line, with the standard
/// library. What the parser lets through must look right to it too.
enum SlowReader {
    /// The lines of `bytes`, which end with CR LF each and hold neither elsewhere; nil when that is not so.
    static func lines(_ bytes: ArraySlice<UInt8>) -> [String]? {
        var lines: [String] = []
        var line = ""
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == 13 {
                guard rest.popFirst() == 10 else { return nil }
                lines.append(line)
                line = ""
            } else {
                guard byte != 10 else { return nil }
                // One scalar a byte (Latin-1), so that bytes above ASCII stay apart.
                line.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return line.isEmpty ? lines : nil
    }

    /// What is wrong with an accepted request head; nil when nothing is.
    static func complaint(_ bytes: ArraySlice<UInt8>, _ head: borrowing RequestHead) -> String? {
        guard var lines = lines(bytes) else { return "line ends" }
        if lines.first == "" { lines.removeFirst() }
        guard lines.popLast() == "", !lines.contains("") else { return "empty lines" }
        guard
            (try? #/[A-Z\-]{1,32} (\*|\/[!-"$-~]*|[Hh][Tt][Tt][Pp][Ss]?:[!-"$-~]+) HTTP\/1\.[01]/#
                .wholeMatch(in: lines.removeFirst())) != nil
        else { return "request line" }
        var values: [String: [String]] = [:]
        for line in lines {
            guard let match = try? #/([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t -~\u{80}-\u{ff}]*)/#.wholeMatch(in: line)
            else {
                return "field line \(line.debugDescription)"
            }
            values[match.1.lowercased(), default: []].append(match.2.trimmingBlanks)
        }
        guard head.fields.count == lines.count else { return "number of fields" }
        let lengths = values["content-length"] ?? []
        let codings = values["transfer-encoding"] ?? []
        guard lengths.count + codings.count <= 1 else { return "framing" }
        switch head.framing {
        case .none: guard lengths.isEmpty, codings.isEmpty else { return "no framing" }
        case .length(let length): guard lengths.first.flatMap({ UInt64($0) }) == length else { return "length" }
        case .chunked: guard codings.first?.lowercased() == "chunked", head.minorVersion == 1 else { return "coding" }
        case .untilClose: return "untilClose"
        }
        guard values["host"]?.count == 1 || head.minorVersion == 0 && values["host"] == nil else { return "hosts" }
        return nil
    }

    /// The body of a chunked message and the number of bytes it takes; nil when it is not whole and valid.
    static func body(_ bytes: [UInt8]) -> (body: [UInt8], consumed: Int)? {
        var body: [UInt8] = []
        var rest = bytes[...]
        func line() -> String? {
            var end = rest.startIndex
            while end + 1 < rest.endIndex, rest[end] != 13 || rest[end + 1] != 10 { end += 1 }
            guard end + 1 < rest.endIndex, let lines = lines(rest[..<(end + 2)]), lines.count == 1 else { return nil }
            rest = rest[(end + 2)...]
            return lines[0]
        }
        while true {
            guard let head = line(),
                let match = try? #/([0-9a-fA-F]{1,16})(;.*)?/#.wholeMatch(in: head), let size = Int(match.1, radix: 16)
            else { return nil }
            if size == 0 { break }
            guard size <= rest.count - 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard rest.popFirst() == 13, rest.popFirst() == 10 else { return nil }
        }
        while true {
            guard let trailer = line() else { return nil }
            if trailer.isEmpty { return (body, bytes.count - rest.count) }
            guard trailer.firstIndex(of: ":") != nil else { return nil }
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var rest = self
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}

@Suite("What holds for every input")
struct PropertyTests {
    static let requests = [
        #"GET /a/b?c=d HTTP/1.1\r\nHost: a\r\n\r\n"#,
        #"\r\nPOST / HTTP/1.1\r\nHost: a.test:80\r\nContent-Length: 5\r\nX_Y: z\r\n\r\n"#,
        #"PUT http://[::1]:8080/x HTTP/1.1\r\nX: y z\t\r\nHost: [::1]:8080\r\nTransfer-Encoding: chunked\r\n\r\n"#,
        #"OPTIONS * HTTP/1.0\r\nConnection: keep-alive, x, y\r\nHost: a\r\n\r\n"#,
        #"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 12\r\nCookie: a=b; c=\xc3\xa9\r\n\r\n"#,
    ].map(WireText.bytes)

    static let answers = [
        #"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\n"#,
        #"HTTP/1.0 404\r\nConnection: keep-alive\r\n\r\n"#,
        #"HTTP/1.1 503 So sorry\r\nTransfer-Encoding: chunked\r\nX:\r\n\r\n"#,
    ].map(WireText.bytes)

    static let bodies = [
        #"5\r\nhello\r\n0\r\n\r\n"#, #"1;a=b;c="d\\e"\r\nx\r\n10\r\n0123456789abcdef\r\n0;z\r\nX: y\r\n\r\n"#,
    ].map(WireText.bytes)

    @Test("no head is complete before its last byte, and none of its beginnings is refused", arguments: requests)
    func neverEarly(_ wire: [UInt8]) {
        for end in 0..<wire.count { #expect(RequestHead.verdict(Array(wire[..<end])) == .incomplete, "\(end) bytes") }
        #expect(RequestHead.verdict(wire) == .complete(wire.count))
        #expect(RequestHead.verdict(wire, cuts: 1..<wire.count) == .complete(wire.count))
        #expect(wire.indices.allSatisfy { RequestHead.verdict(wire, cuts: [$0]) == .complete(wire.count) })
    }

    @Test(
        "a mutated request gets one verdict however it is cut, and what is accepted reads well twice",
        arguments: requests)
    func mutatedRequests(_ wire: [UInt8]) {
        var random = Seeded(UInt64(wire.count))
        var accepted = 0
        for _ in 0..<4000 {
            let bytes = wire.mutated(&random)
            var head = RequestHead()
            let verdict = head.feed(bytes[...])
            #expect(RequestHead.verdict(bytes, cuts: bytes.cuts(&random)) == verdict, "\(bytes)")
            guard case .complete(let count) = verdict else { continue }
            accepted += 1
            #expect(SlowReader.complaint(bytes[..<count], head) == nil, "\(bytes)")
        }
        #expect(accepted > 200, "too few to mean anything: \(accepted)")
    }

    @Test("a mutated answer gets one verdict however it is cut", arguments: answers)
    func mutatedAnswers(_ wire: [UInt8]) {
        var random = Seeded(UInt64(wire.count))
        var accepted = 0
        for _ in 0..<4000 {
            let bytes = wire.mutated(&random)
            let verdict = ResponseHead.verdict(bytes)
            #expect(ResponseHead.verdict(bytes, cuts: bytes.cuts(&random)) == verdict, "\(bytes)")
            guard case .complete(let count) = verdict else { continue }
            accepted += 1
            #expect(SlowReader.lines(bytes[..<count])?.last == "", "\(bytes)")
        }
        #expect(accepted > 200, "too few to mean anything: \(accepted)")
    }

    @Test(
        "a mutated chunked body comes out the same however it is cut, and as a slow reader reads it", arguments: bodies)
    func mutatedBodies(_ wire: [UInt8]) {
        var random = Seeded(UInt64(wire.count))
        var accepted = 0
        for _ in 0..<4000 {
            let bytes = wire.mutated(&random)
            let decoded = Decoded(bytes)
            #expect(Decoded(bytes, cuts: bytes.cuts(&random)) == decoded, "\(bytes)")
            guard case .end(let consumed) = decoded.end else { continue }
            accepted += 1
            let expected = SlowReader.body(bytes)
            #expect(decoded.body == expected?.body && consumed == expected?.consumed, "\(bytes)")
        }
        #expect(accepted > 200, "too few to mean anything: \(accepted)")
    }

    @Test("random bytes trap nothing", arguments: 0..<8)
    func randomBytes(_ seed: Int) {
        var random = Seeded(UInt64(seed))
        // Bytes that the grammar gives a meaning are three in four, so that runs of them get far.
        let alphabet = Array("\r\n\r\n :/?*,;=\"\\[]%0159afHGETP.-\t\0é".utf8)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ -> UInt8 in
                Int.random(in: 0..<4, using: &random) == 0
                    ? UInt8.random(in: .min ... .max, using: &random) : alphabet.randomElement(using: &random) ?? 0
            }
            let cuts = bytes.cuts(&random)
            #expect(RequestHead.verdict(bytes) == RequestHead.verdict(bytes, cuts: cuts), "\(bytes)")
            #expect(ResponseHead.verdict(bytes) == ResponseHead.verdict(bytes, cuts: cuts), "\(bytes)")
            #expect(Decoded(bytes) == Decoded(bytes, cuts: cuts), "\(bytes)")
            _ = Grammar.isFieldValueSafe(bytes.span)
            _ = FieldName.lookup(bytes.span)
        }
    }

    @Test("a host of random pieces traps nothing, and an accepted name is a part of the accepted host")
    func randomHosts() {
        var random = Seeded(7)
        let pieces = ["[", "]", ":", "::", ".", "1", "255", "ffff", "g", "a", "-", "_", "80", "65535", "0", "1.2.3.4"]
        for _ in 0..<20_000 {
            let host = (0..<Int.random(in: 1...9, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }
            let wire = Array("GET / HTTP/1.1\r\nHost: \(host.joined())\r\n\r\n".utf8)
            var head = RequestHead()
            switch head.feed(wire[...]) {
            case .complete:
                #expect(!head.hostName.isEmpty && head.hostName.lowerBound == head.host.lowerBound)
                #expect(head.hostName.upperBound <= head.host.upperBound)
            case .refused(let reason): #expect(reason == .badHost)
            case .incomplete: Issue.record("incomplete: \(host)")
            }
        }
    }

    @Test("what was read is not read again, so the cost is linear however the bytes come")
    func readOnce() {
        var wire = Array("GET /path?query HTTP/1.1\r\nHost: a\r\nX: value".utf8)
        var head = RequestHead()
        #expect(head.feed(wire[...]) == .incomplete)
        // Would be refused if any of it were looked at once more.
        for index in wire.indices { wire[index] = 0 }
        wire += Array("\r\nY: z\r\n\r\n".utf8)
        #expect(head.feed(wire[...]) == .complete(wire.count))
    }
}
