import Reasons

/// Reads the field lines of a head, up to and including the empty line (RFC 9112 §5).
///
/// The caller passes the same growing buffer each time. A byte is read once, so the cost is linear; the first byte that
/// cannot be right throws, without waiting for the line to end.
struct FieldLines: Sendable {
    enum Step {
        /// All bytes are read and the section has not ended.
        case needMore
        /// One more field stands at the end of `fields`.
        case field
        /// The empty line was read.
        case end
    }

    private enum State: UInt8 {
        case lineStart, name, blanks, value, lineFeed, lastLineFeed
    }

    private(set) var fields: [Field] = []
    private(set) var seen = FieldSet()
    private(set) var repeated = FieldSet()
    private var state = State.lineStart
    private var nameStart = 0
    private var nameEnd = 0
    private var valueStart = 0

    var last: Field? { fields.last }

    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        seen = FieldSet()
        repeated = FieldSet()
        state = .lineStart
    }

    /// Reads at most one line of `bytes`, from `cursor` up to `end`, which is not beyond the bytes.
    mutating func step(_ bytes: borrowing Span<UInt8>, _ cursor: inout Int, _ end: Int, fieldsMax: Int)
        throws(Reason) -> Step
    {
        var at = cursor
        defer { cursor = at }
        while at < end {
            switch state {
            case .lineStart:
                if bytes[at] == Grammar.carriageReturn {
                    state = .lastLineFeed
                    at += 1
                    continue
                }
                // Not a token byte: a bare LF, a colon without a name, or the blank of a folded line (RFC 9112 §5.2),
                // by which a field can be hidden from whoever does not join lines.
                guard Grammar.isTokenByte(bytes[at]) else { throw .malformedRequest }
                guard fields.count < fieldsMax else { throw .headTooLarge }
                nameStart = at
                state = .name
            case .name:
                let rest = bytes.extracting(at..<end)
                var length = 0
                while length < rest.count, Grammar.isTokenByte(rest[length]) { length += 1 }
                at += length
                guard at < end else { break }
                // A blank before the colon is refused with the rest (RFC 9112 §5.1).
                guard bytes[at] == UInt8(ascii: ":") else { throw .malformedRequest }
                nameEnd = at
                at += 1
                state = .blanks
            case .blanks:
                while at < end, Grammar.isBlank(bytes[at]) { at += 1 }
                valueStart = at
                if at < end { state = .value }
            case .value:
                at = Self.endOfValue(bytes, at, end)
                guard at < end else { break }
                guard bytes[at] == Grammar.carriageReturn else { throw .malformedRequest }
                at += 1
                state = .lineFeed
            case .lineFeed:
                guard bytes[at] == Grammar.lineFeed else { throw .malformedRequest }
                keepField(bytes, carriageReturn: at - 1)
                at += 1
                state = .lineStart
                return .field
            case .lastLineFeed:
                guard bytes[at] == Grammar.lineFeed else { throw .malformedRequest }
                at += 1
                return .end
            }
        }
        return .needMore
    }

    /// The place of the first byte from `start` on that cannot stand in a value, or `end`.
    @inline(never)
    private static func endOfValue(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        // Values are most of a head. Blocks tested as a whole become vector instructions, which took five sixths off the
        // time for a token. A tab, which is rare, ends the blocks.
        while end - at >= 64, holdsNoControl(bytes.extracting(at..<at + 64)) { at += 64 }
        while end - at >= 16, holdsNoControl(bytes.extracting(at..<at + 16)) { at += 16 }
        while at < end, Grammar.isFieldByte(bytes[at]) { at += 1 }
        return at
    }

    /// Whether a block has neither control bytes nor tabs.
    @inline(__always)
    private static func holdsNoControl(_ block: borrowing Span<UInt8>) -> Bool {
        var bad: UInt8 = 0
        for index in block.indices { bad |= (block[index] < 0x20 ? 1 : 0) | (block[index] == 0x7f ? 1 : 0) }
        return bad == 0
    }

    private mutating func keepField(_ bytes: borrowing Span<UInt8>, carriageReturn: Int) {
        var valueEnd = carriageReturn
        while valueEnd > valueStart, Grammar.isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
        let known = FieldName.lookup(bytes.extracting(nameStart..<nameEnd))
        var hasUnderscore = false
        if let known {
            if seen.contains(known) { repeated.insert(known) }
            seen.insert(known)
        } else {
            for index in nameStart..<nameEnd where bytes[index] == UInt8(ascii: "_") { hasUnderscore = true }
        }
        fields.append(
            Field(
                name: nameStart..<nameEnd, value: valueStart..<valueEnd, known: known, hasUnderscore: hasUnderscore,
                isHopByHop: known?.isHopByHop ?? false,
                isTidy: valueEnd == carriageReturn && valueStart == nameEnd + 2
                    && bytes[nameEnd + 1] == Grammar.blank))
    }

    /// Marks the fields that `Connection` lists. Both numbers are bounded, so their product is.
    mutating func markHopByHop(_ listed: [Range<Int>], in bytes: borrowing Span<UInt8>) {
        for option in listed {
            for index in fields.indices where fields[index].name.count == option.count {
                if Grammar.equalFolded(bytes.extracting(fields[index].name), bytes.extracting(option)) {
                    fields[index].isHopByHop = true
                }
            }
        }
    }

    /// The first field of this name.
    func first(_ name: FieldName) -> Field? {
        guard seen.contains(name) else { return nil }
        for index in fields.indices where fields[index].known == name { return fields[index] }
        return nil
    }
}
