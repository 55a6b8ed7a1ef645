/// The backend's end of one connection.
final class BackendPeer {
    let socket: WireSocket
    let reader: ByteReader

    /// An idle upstream connection may rest for as long as a test lasts.
    private let deadline = Deadline.seconds(600)

    init(socket: WireSocket) {
        self.socket = socket
        reader = ByteReader(socket)
    }

    func send(_ text: String) throws { try socket.send(Array(text.utf8), by: .seconds(60)) }
    func send(_ bytes: [UInt8]) throws { try socket.send(bytes, by: .seconds(60)) }

    /// Waits until the other side ends the connection.
    func waitForClose() {
        while (try? reader.fill(by: deadline)) == true { _ = reader.takeLeftover() }
    }

    /// Reads up to the empty line. False when the connection ended before.
    func readHead(into request: inout RecordedRequest) -> Bool {
        if !reader.hasLeftover { socket.rest(by: deadline) }
        guard let head = try? reader.through(Array("\r\n\r\n".utf8), by: deadline) else { return false }
        request.bytes = head
        request.violations = Invariants.violations(ofHead: head)
        var lines = WireResponse.lines(head)
        let requestLine = lines.isEmpty ? [] : lines.removeFirst().split(separator: 0x20)
        request.method = requestLine.first.map { Array($0).text } ?? ""
        request.target = requestLine.count > 1 ? Array(requestLine[1]).text : ""
        request.fields = lines.compactMap { WireField(line: $0) }
        return true
    }

    /// Reads the body that the head announces.
    func readBody(into request: inout RecordedRequest) {
        if request["Transfer-Encoding"] != nil {
            readChunks(into: &request)
        } else if let text = request["Content-Length"], let count = Int(text) {
            let kept = min(count, RecordingBackend.bodyBytesKept)
            guard let body = try? reader.exactly(kept, by: deadline) else {
                request.body = reader.takeLeftover()
                request.bytes += request.body
                request.bodyCount = request.body.count
                return
            }
            request.body = body
            request.bytes += body
            let skipped = (try? reader.skip(count - kept, by: deadline)) ?? 0
            request.bodyCount = kept + skipped
            request.isComplete = request.bodyCount == count
        } else {
            request.isComplete = true
        }
    }

    private func readChunks(into request: inout RecordedRequest) {
        let lineEnd = Array("\r\n".utf8)
        while let line = try? reader.through(lineEnd, by: deadline) {
            request.bytes += line
            let digits = line.dropLast(2)
            guard !digits.isEmpty, digits.count < 16, let size = Int(Array(digits).text, radix: 16),
                digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
            else {
                request.violations.append("chunk size line \(line.prefix(80).map { $0 }.text.debugDescription)")
                return
            }
            if size == 0 {
                guard let end = try? reader.through(lineEnd, by: deadline) else { return }
                request.bytes += end
                if end.count != 2 { request.violations.append("trailer \(end.text.debugDescription)") }
                request.isComplete = end.count == 2
                return
            }
            guard let data = try? reader.exactly(size + 2, by: deadline) else {
                request.bytes += reader.takeLeftover()
                return
            }
            if !data.suffix(2).elementsEqual(lineEnd) { request.violations.append("chunk without CRLF") }
            request.bodyCount += size
            if request.body.count < RecordingBackend.bodyBytesKept {
                request.bytes += data
                request.body += data.dropLast(2)
            }
        }
    }
}
