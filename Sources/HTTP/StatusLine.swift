import Reasons

/// Reads the status line, `HTTP/1.1 SP 200 SP reason CRLF` (RFC 9112 §4). The reason phrase may be missing, with or
/// without its blank: many servers write it so, and it can be read in one way only.
struct StatusLine: Sendable {
    private enum State: UInt8 {
        case version, status, phraseOrEnd, phrase, lineFeed, end
    }

    private(set) var status: UInt16 = 0
    private(set) var minorVersion: UInt8 = 1
    private var state = State.version

    /// Reads on in `bytes`, from `cursor` up to `end`, and says whether the line is complete. Bytes before `cursor` and
    /// the line's own are not read twice.
    mutating func step(_ bytes: borrowing Span<UInt8>, _ cursor: inout Int, _ end: Int) throws(Reason) -> Bool {
        var at = cursor
        defer { cursor = at }
        while at < end {
            switch state {
            case .version:
                if at < Grammar.versionBytes {
                    guard Grammar.isVersionByte(bytes[at], at: at) else { throw .upstreamMalformed }
                } else {
                    guard bytes[at] == Grammar.blank, bytes[5] == UInt8(ascii: "1"), bytes[7] <= UInt8(ascii: "1")
                    else { throw .upstreamMalformed }
                    minorVersion = bytes[7] &- UInt8(ascii: "0")
                    state = .status
                }
            case .status:
                guard Grammar.isDigit(bytes[at]) else { throw .upstreamMalformed }
                status = status &* 10 &+ UInt16(bytes[at] &- UInt8(ascii: "0"))
                if at == Grammar.versionBytes + 3 {
                    guard status >= 100, status <= 599 else { throw .upstreamMalformed }
                    state = .phraseOrEnd
                }
            case .phraseOrEnd:
                guard bytes[at] == Grammar.blank || bytes[at] == Grammar.carriageReturn else {
                    throw .upstreamMalformed
                }
                state = bytes[at] == Grammar.blank ? .phrase : .lineFeed
            case .phrase:
                if !Grammar.isFieldByte(bytes[at]) {
                    guard bytes[at] == Grammar.carriageReturn else { throw .upstreamMalformed }
                    state = .lineFeed
                }
            case .lineFeed:
                guard bytes[at] == Grammar.lineFeed else { throw .upstreamMalformed }
                at += 1
                state = .end
                return true
            case .end:
                return true
            }
            at += 1
        }
        return state == .end
    }
}
