import Reasons

/// Reads the request line, `method SP target SP HTTP/1.1 CRLF` (RFC 9112 §3), with exactly one blank between the parts.
///
/// Like `FieldLines`: a byte is read once, and the first that cannot be right throws.
struct RequestLine: Sendable {
    /// The longest method name; the longest registered one (UPDATEREDIRECTREF) has 17 bytes.
    static let methodBytesMax = 32

    private enum State: UInt8 {
        case start, emptyLine, method, targetStart, path, query, version, lineFeed, end
    }

    private(set) var method: Range<Int> = 0..<0
    private(set) var knownMethod: Method?
    private(set) var target = RequestTarget()
    private(set) var minorVersion: UInt8 = 1
    private var state = State.start
    /// Where the part that is being read begins.
    private var start = 0
    private var question: Int?

    /// Reads on in `bytes`, from `cursor` up to `end`, and says whether the line is complete.
    mutating func step(_ bytes: borrowing Span<UInt8>, _ cursor: inout Int, _ end: Int, targetBytesMax: Int)
        throws(Reason) -> Bool
    {
        var at = cursor
        defer { cursor = at }
        while at < end {
            switch state {
            case .start:
                // One empty line is skipped: old clients send one after a body (RFC 9112 §2.2). Not two.
                if at == 0, bytes[at] == Grammar.carriageReturn {
                    state = .emptyLine
                    at += 1
                } else {
                    start = at
                    state = .method
                }
            case .emptyLine:
                guard bytes[at] == Grammar.lineFeed else { throw .malformedRequest }
                at += 1
                state = .start
            case .method:
                while at < end, Self.isMethodByte(bytes[at]), at - start <= Self.methodBytesMax { at += 1 }
                guard at < end || at - start > Self.methodBytesMax else { break }
                guard at > start, at - start <= Self.methodBytesMax, bytes[at] == Grammar.blank else {
                    throw .malformedRequest
                }
                try keepMethod(bytes, start..<at)
                at += 1
                state = .targetStart
            case .targetStart:
                guard RequestTarget.canBegin(with: bytes[at]) else { throw .malformedRequest }
                start = at
                question = nil
                state = .path
            case .path, .query:
                try readTarget(bytes, &at, end, targetBytesMax: targetBytesMax)
            case .version:
                let index = at - start
                if index < Grammar.versionBytes {
                    guard Grammar.isVersionByte(bytes[at], at: index) else { throw .malformedRequest }
                    at += 1
                } else {
                    guard bytes[at] == Grammar.carriageReturn else { throw .malformedRequest }
                    try keepVersion(bytes)
                    at += 1
                    state = .lineFeed
                }
            case .lineFeed:
                guard bytes[at] == Grammar.lineFeed else { throw .malformedRequest }
                at += 1
                state = .end
                return true
            case .end:
                return true
            }
        }
        return state == .end
    }

    private static func isMethodByte(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "A") < 26 || byte == UInt8(ascii: "-")
    }

    private mutating func keepMethod(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) throws(Reason) {
        method = range
        let name = bytes.extracting(range)
        knownMethod = Method.lookup(name)
        // A tunnel through an authenticating gateway would carry what no rule sees (RFC 9110 §9.3.6).
        if knownMethod == nil, Grammar.equalFolded(name, "connect") { throw .methodNotImplemented }
    }

    /// Reads target bytes up to the blank behind them, the first `?` or the limit. The limit counts only bytes that may
    /// stand in a target, so that the verdict is the same however the bytes arrive.
    private mutating func readTarget(
        _ bytes: borrowing Span<UInt8>, _ at: inout Int, _ end: Int, targetBytesMax: Int
    ) throws(Reason) {
        let stop = end - start > targetBytesMax ? start + targetBytesMax + 1 : end
        if state == .path {
            while at < stop, Grammar.isTargetByte(bytes[at]), bytes[at] != UInt8(ascii: "?") { at += 1 }
            if at < stop, bytes[at] == UInt8(ascii: "?") {
                question = at
                state = .query
            }
        }
        if state == .query {
            while at < stop, Grammar.isTargetByte(bytes[at]) { at += 1 }
        }
        guard at - start <= targetBytesMax else { throw .targetTooLong }
        guard at < end else { return }
        guard bytes[at] == Grammar.blank else {
            throw bytes[at] >= 0x80 && state == .path ? .ambiguousPath : .malformedRequest
        }
        target = try RequestTarget(bytes, start..<at, question: question)
        at += 1
        start = at
        state = .version
    }

    private mutating func keepVersion(_ bytes: borrowing Span<UInt8>) throws(Reason) {
        guard bytes[start + 5] == UInt8(ascii: "1"), bytes[start + 7] <= UInt8(ascii: "1") else {
            throw .versionNotSupported
        }
        minorVersion = bytes[start + 7] &- UInt8(ascii: "0")
        // After the version, so that the preface of HTTP/2, `PRI * HTTP/2.0`, is told what is wrong with it.
        guard target.form != .asterisk || knownMethod == .options else { throw .malformedRequest }
    }
}
