import Foundation

/// A client that sends exactly the bytes it is told to, and reads what comes back.
final class WireClient {
    let socket: WireSocket
    let reader: ByteReader

    init(to address: SocketAddress, receiveBufferBytes: Int32? = nil) throws {
        socket = try WireSocket(connectingTo: address, receiveBufferBytes: receiveBufferBytes)
        reader = ByteReader(socket)
    }

    func send(_ text: String, by deadline: Deadline = .soon) throws {
        try socket.send(Array(text.utf8), by: deadline)
    }

    func send(_ bytes: [UInt8], by deadline: Deadline = .soon) throws {
        try socket.send(bytes, by: deadline)
    }

    /// Sends as much as the other side takes: it may refuse and close while bytes are still under way.
    ///
    /// - Returns: whether everything was taken.
    @discardableResult
    func offer(_ bytes: [UInt8], by deadline: Deadline = .soon) -> Bool {
        (try? socket.send(bytes, by: deadline)) != nil
    }

    /// Every byte in a packet of its own, so that every state of a parser sees the end of its input once.
    func sendByteByByte(_ bytes: [UInt8]) throws {
        for byte in bytes { try socket.send([byte]) }
    }

    /// The next answer, or nil when the connection was closed without one.
    ///
    /// - Parameter method: the method asked with; the answer to HEAD has no body.
    func response(to method: String = "GET", by deadline: Deadline = .soon) throws -> WireResponse? {
        guard var answer = try WireResponse.head(from: reader, by: deadline) else { return nil }
        try answer.readBody(from: reader, method: method, by: deadline)
        return answer
    }

    /// The next answer, which must come.
    func mustRespond(to method: String = "GET", by deadline: Deadline = .soon) throws -> WireResponse {
        guard let answer = try response(to: method, by: deadline) else {
            throw Failure("the connection was closed without an answer")
        }
        return answer
    }

    /// Every answer until the gateway closes the connection, which it must.
    func responsesUntilClose(by deadline: Deadline = .soon) throws -> [WireResponse] {
        var answers: [WireResponse] = []
        while let answer = try response(by: deadline) { answers.append(answer) }
        return answers
    }

    /// Waits for the end of the connection; bytes that still come are an error.
    func expectClosed(by deadline: Deadline = .soon) throws {
        let rest = try reader.toEnd(by: deadline)
        guard rest.isEmpty else { throw Failure("bytes after the last answer: \(rest.text.debugDescription)") }
    }

    func close() { socket.close() }
}
