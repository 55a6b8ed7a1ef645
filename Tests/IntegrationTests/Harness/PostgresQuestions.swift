import Foundation

/// What one PostgreSQL client says, cut into questions: the messages after which it waits for an answer, each with a word
/// about what it asks. Knows as much of the protocol as that takes (PostgreSQL, chapter 55).
struct PostgresQuestions {
    struct Question: Sendable {
        /// The SQL, of a prepared statement too; `prepare: …` where it is being prepared.
        let words: String
        /// All its messages, as they go over the wire.
        let bytes: [UInt8]
    }

    private var pending: [UInt8] = []
    private var current: [UInt8] = []
    private var words = ""
    private var isStarted = false
    private var prepared: [String: String] = [:]

    /// Takes what has come; the questions that are now whole. What is no question yet is kept.
    mutating func take(_ bytes: [UInt8]) -> [Question] {
        pending += bytes
        var whole: [Question] = []
        while let question = next() { whole.append(question) }
        return whole
    }

    private mutating func next() -> Question? {
        while true {
            let head = isStarted ? 5 : 4
            guard pending.count >= head else { return nil }
            let length = pending[(head - 4)..<head].reduce(0) { $0 << 8 | Int($1) } + head - 4
            guard pending.count >= length else { return nil }
            let message = Array(pending[..<length])
            pending.removeFirst(length)
            current += message
            if isStarted ? read(message) : begin(message) {
                defer { (current, words) = ([], "") }
                return Question(words: words, bytes: current)
            }
        }
    }

    /// Before the start comes the wish for encryption, which has no type byte either.
    private mutating func begin(_ message: [UInt8]) -> Bool {
        let code = message[4..<8].reduce(0) { $0 << 8 | Int($1) }
        isStarted = code >> 16 == 3
        words = "start"
        return true
    }

    /// Whether the client now waits.
    private mutating func read(_ message: [UInt8]) -> Bool {
        let texts = message.dropFirst(5).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        switch UInt8(message[0]) {
        case UInt8(ascii: "Q"):
            words = texts[0]
            return true
        case UInt8(ascii: "P"):
            prepared[texts[0]] = texts[1]
            words = "prepare: \(texts[1])"
        case UInt8(ascii: "B"):
            words = prepared[texts[1]] ?? "unknown"
        case UInt8(ascii: "S"), UInt8(ascii: "X"):
            return true
        default:
            break
        }
        return false
    }
}
