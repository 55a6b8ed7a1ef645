import Reasons

/// What the `Connection` fields of a head say, one or several lines taken as one list (RFC 9110 §7.6.1).
struct ConnectionOptions: Sendable {
    /// The most field names that `Connection` may list; honest peers list one or two.
    static let listedMax = 32

    private(set) var close = false
    private(set) var keepAlive = false
    private(set) var upgrade = false
    /// Every option but `close` and `keep-alive`: the fields that concern this connection only.
    private(set) var listed: [Range<Int>] = []

    mutating func reset() {
        close = false
        keepAlive = false
        upgrade = false
        listed.removeAll(keepingCapacity: true)
    }

    /// Adds the options of one line. Empty list elements are passed over (RFC 9110 §5.6.1.2).
    mutating func add(_ value: Range<Int>, of bytes: borrowing Span<UInt8>) throws(Reason) {
        var at = value.lowerBound
        while at < value.upperBound {
            if Grammar.isBlank(bytes[at]) || bytes[at] == UInt8(ascii: ",") {
                at += 1
                continue
            }
            let start = at
            while at < value.upperBound, Grammar.isTokenByte(bytes[at]) { at += 1 }
            let option = start..<at
            while at < value.upperBound, Grammar.isBlank(bytes[at]) { at += 1 }
            guard !option.isEmpty, at == value.upperBound || bytes[at] == UInt8(ascii: ",") else {
                throw .malformedRequest
            }
            try add(option: option, of: bytes)
        }
    }

    private mutating func add(option: Range<Int>, of bytes: borrowing Span<UInt8>) throws(Reason) {
        let name = bytes.extracting(option)
        if Grammar.equalFolded(name, "close") {
            close = true
        } else if Grammar.equalFolded(name, "keep-alive") {
            keepAlive = true
        } else {
            guard listed.count < Self.listedMax else { throw .headTooLarge }
            if Grammar.equalFolded(name, "upgrade") { upgrade = true }
            listed.append(option)
        }
    }

    /// Whether a field is listed without which the request would mean something else to the backend: dropping it would
    /// unframe a body, move the request to another site or take the caller's credentials away ("hop-by-hop abuse").
    func listsWhatMustCross(in bytes: borrowing Span<UInt8>) -> Bool {
        for option in listed {
            switch FieldName.lookup(bytes.extracting(option)) {
            case .host, .contentLength, .transferEncoding, .authorization, .cookie: return true
            default: continue
            }
        }
        return false
    }
}
