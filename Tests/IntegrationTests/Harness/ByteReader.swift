/// Reads a socket piece by piece, keeping what came too early for the next call.
///
/// Used on one thread only: by the test for what the gateway answers, by a backend's thread for what it is sent.
final class ByteReader {
    let socket: WireSocket
    private var buffer: [UInt8] = []
    private(set) var hasEnded = false

    init(_ socket: WireSocket) {
        self.socket = socket
    }

    /// Reads more. Answers false at the end.
    @discardableResult
    func fill(by deadline: Deadline) throws -> Bool {
        guard !hasEnded else { return false }
        guard let more = try socket.receive(by: deadline) else {
            hasEnded = true
            return false
        }
        buffer += more
        return true
    }

    /// Everything up to and with `mark`. Nil when the other side finished before; what it did send is in `leftover`.
    func through(_ mark: [UInt8], by deadline: Deadline) throws -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer.end(of: mark, from: searched) {
                let found = Array(buffer[..<end])
                buffer.removeSubrange(..<end)
                return found
            }
            searched = max(0, buffer.count - mark.count + 1)
            guard try fill(by: deadline) else { return nil }
        }
    }

    /// Exactly `count` bytes, or nil when the other side finished before.
    func exactly(_ count: Int, by deadline: Deadline) throws -> [UInt8]? {
        while buffer.count < count {
            guard try fill(by: deadline) else { return nil }
        }
        let found = Array(buffer[..<count])
        buffer.removeSubrange(..<count)
        return found
    }

    /// Reads and forgets `count` bytes; answers how many came before the end.
    func skip(_ count: Int, by deadline: Deadline) throws -> Int {
        var left = count - min(count, buffer.count)
        buffer.removeSubrange(..<min(count, buffer.count))
        while left > 0 {
            guard let more = try socket.receive(atMost: min(left, 262_144), by: deadline) else {
                hasEnded = true
                return count - left
            }
            left -= more.count
        }
        return count
    }

    /// Everything until the other side finishes.
    func toEnd(by deadline: Deadline) throws -> [UInt8] {
        while try fill(by: deadline) {}
        return takeLeftover()
    }

    /// What has arrived and was not asked for yet.
    func takeLeftover() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    var hasLeftover: Bool { !buffer.isEmpty }
}

extension [UInt8] {
    /// The index behind the first `mark` at or after `start`.
    func end(of mark: [UInt8], from start: Int = 0) -> Int? {
        guard count - start >= mark.count, let first = mark.first else { return nil }
        var at = start
        while at <= count - mark.count {
            guard let next = self[at...].firstIndex(of: first), next <= count - mark.count else { return nil }
            if self[next..<(next + mark.count)].elementsEqual(mark) { return next + mark.count }
            at = next + 1
        }
        return nil
    }

    func contains(_ text: String) -> Bool { end(of: Array(text.utf8)) != nil }

    /// The bytes as text for messages and comparisons; bytes that are not UTF-8 become replacement characters.
    var text: String { String(decoding: self, as: UTF8.self) }
}
