import Foundation

/// One answer of the gateway, read strictly: what it writes must leave no doubt.
struct WireResponse: Sendable {
    /// How the end of the body was marked.
    enum Framing: Sendable, Equatable { case none, length, chunked, close }

    /// The 1xx answers that came before this one.
    var interim: [Int] = []
    var version = ""
    var status = 0
    var fields: [WireField] = []
    var framing = Framing.none
    var body: [UInt8] = []
    /// False when the connection ended before the body did.
    var isComplete = true

    subscript(name: String) -> String? { fields.first(name) }

    func all(_ name: String) -> [String] { fields.values(name) }

    /// The body as a JSON object; empty when it is not one.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// The stable code of a refusal.
    var code: String? { json["code"] as? String }

    /// For messages of failed expectations.
    var summary: String { "\(status) \(code ?? "") \(body.prefix(200).map { $0 }.text)" }
}

extension WireResponse {
    /// Reads status line and fields. Nil when the connection ended before the first byte.
    ///
    /// 1xx answers are gathered in `interim` on the way to the final one; a 101 is final.
    static func head(from reader: ByteReader, by deadline: Deadline) throws -> WireResponse? {
        var answer = WireResponse()
        while true {
            guard let head = try reader.through(Array("\r\n\r\n".utf8), by: deadline) else {
                let leftover = reader.takeLeftover()
                if leftover.isEmpty && answer.interim.isEmpty { return nil }
                throw Failure("the answer broke off in its head: \(leftover.text.debugDescription)")
            }
            var lines = Self.lines(head)
            let statusLine = lines.removeFirst().text
            guard let match = statusLine.wholeMatch(of: #/(HTTP/1\.[01]) ([1-5][0-9][0-9]) ([ -~]*)/#) else {
                throw Failure("not a status line: \(statusLine.debugDescription)")
            }
            answer.version = String(match.1)
            answer.status = Int(match.2)!
            answer.fields = try lines.map { line in
                guard let field = WireField(line: line), !field.name.isEmpty, !line.contains(0x0A) else {
                    throw Failure("not a field line: \(line.text.debugDescription)")
                }
                return field
            }
            guard (100..<200).contains(answer.status) && answer.status != 101 else { return answer }
            answer.interim.append(answer.status)
        }
    }

    /// Reads the body that belongs to the head (RFC 9112 §6.3).
    mutating func readBody(from reader: ByteReader, method: String, by deadline: Deadline) throws {
        let lengths = all("Content-Length")
        let codings = all("Transfer-Encoding")
        guard lengths.count <= 1, codings.count <= 1, lengths.isEmpty || codings.isEmpty else {
            throw Failure("the answer is framed twice: \(fields)")
        }
        if method == "HEAD" || status == 204 || status == 304 || status == 101 { return }
        if let coding = codings.first {
            guard coding == "chunked" else { throw Failure("Transfer-Encoding: \(coding)") }
            framing = .chunked
            try readChunks(from: reader, by: deadline)
        } else if let length = lengths.first {
            guard let count = Int(length), length.allSatisfy(\.isASCII) else {
                throw Failure("Content-Length: \(length)")
            }
            framing = .length
            if let whole = try reader.exactly(count, by: deadline) {
                body = whole
            } else {
                body = reader.takeLeftover()
                isComplete = false
            }
        } else {
            framing = .close
            body = try reader.toEnd(by: deadline)
        }
    }

    private mutating func readChunks(from reader: ByteReader, by deadline: Deadline) throws {
        let lineEnd = Array("\r\n".utf8)
        isComplete = false
        while true {
            guard let line = try reader.through(lineEnd, by: deadline) else { return }
            guard let size = Int(line.dropLast(2).map { $0 }.text, radix: 16) else {
                throw Failure("chunk size \(line.text.debugDescription)")
            }
            if size == 0 { break }
            guard let data = try reader.exactly(size + 2, by: deadline) else {
                body += reader.takeLeftover()
                return
            }
            guard data.suffix(2).elementsEqual(lineEnd) else { throw Failure("a chunk without its CRLF") }
            body += data.dropLast(2)
        }
        while let line = try reader.through(lineEnd, by: deadline) {
            if line.count == 2 {
                isComplete = true
                return
            }
        }
    }

    /// The lines of a head without their CRLF and without the empty one at the end.
    static func lines(_ head: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = 0
        while let end = head.end(of: [0x0D, 0x0A], from: start) {
            lines.append(Array(head[start..<(end - 2)]))
            start = end
        }
        return lines.dropLast()
    }
}
