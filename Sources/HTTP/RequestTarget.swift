import Reasons

/// The target of a request, taken apart (RFC 9112 §3.2).
struct RequestTarget: Sendable {
    private(set) var form = RequestHead.TargetForm.origin
    private(set) var whole: Range<Int> = 0..<0
    private(set) var path: Range<Int> = 0..<0
    private(set) var query: Range<Int>?
    /// Of absolute-form: where the authority stands, what it says, and the port that a missing one means.
    private(set) var authority: (range: Range<Int>, value: Authority, defaultPort: UInt16)?

    init() {}

    /// Whether a target that begins with `byte` can be of a form that is passed: `/path`, `http://…`, `*`. A target of
    /// CONNECT, `host:port`, is none of them.
    static func canBegin(with byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "*") || Grammar.fold(byte) == UInt8(ascii: "h")
    }

    /// Takes `bytes[range]` apart: target bytes, not empty, with the first `?` at `question`.
    init(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, question: Int?) throws(Reason) {
        whole = range
        let pathEnd = question ?? range.upperBound
        if let question { query = question + 1..<range.upperBound }
        switch bytes[range.lowerBound] {
        case UInt8(ascii: "/"):
            path = range.lowerBound..<pathEnd
        case UInt8(ascii: "*"):
            guard range.count == 1 else { throw .malformedRequest }
            form = .asterisk
            path = range
        default:
            try readAbsolute(bytes, range.lowerBound..<pathEnd)
        }
    }

    private mutating func readAbsolute(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) throws(Reason) {
        form = .absolute
        let schemeEnd: Int
        let defaultPort: UInt16
        if Self.begins(bytes, range, with: "http://") {
            schemeEnd = range.lowerBound + 7
            defaultPort = 80
        } else if Self.begins(bytes, range, with: "https://") {
            schemeEnd = range.lowerBound + 8
            defaultPort = 443
        } else {
            throw .malformedRequest
        }
        var at = schemeEnd
        while at < range.upperBound, bytes[at] != UInt8(ascii: "/") { at += 1 }
        guard let value = Authority(bytes, schemeEnd..<at) else { throw .badHost }
        authority = (schemeEnd..<at, value, defaultPort)
        // An empty path is `/` (RFC 9110 §4.2.3). The slash before the authority stands for it, so that a path is
        // always a place in the buffer.
        path = at < range.upperBound ? at..<range.upperBound : schemeEnd - 1..<schemeEnd
    }

    private static func begins(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>, with text: String) -> Bool {
        let length = text.utf8.count
        return range.count >= length
            && Grammar.equalFolded(bytes.extracting(range.lowerBound..<range.lowerBound + length), text)
    }
}
