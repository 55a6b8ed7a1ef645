import Reasons

extension CanonicalPath {
    /// Brings a path into the spelling that every reader agrees on, and says what in it not every reader does.
    static func normalise(
        _ path: borrowing Span<UInt8>
    ) throws(Reason) -> (bytes: [UInt8], needs: PathAcceptance) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(path.count)
        var needs: PathAcceptance = []
        var index = 0
        while index < path.count {
            let byte = path[index]
            index += 1
            switch byte {
            case PathBytes.percent:
                guard index + 1 < path.count, let high = PathBytes.hexadecimalValue(path[index]),
                    let low = PathBytes.hexadecimalValue(path[index + 1])
                else { throw .ambiguousPath }
                index += 2
                needs.formUnion(try append(escaped: high << 4 | low, to: &bytes))
            case PathBytes.slash:
                if bytes.last == PathBytes.slash { needs.insert(.emptySegments) }
                bytes.append(byte)
            case PathBytes.semicolon:
                needs.insert(.semicolon)
                bytes.append(byte)
            default:
                guard PathBytes.legal.contains(byte) else { throw .ambiguousPath }
                bytes.append(byte)
            }
        }
        let decoded = decodeOnce(bytes)
        if holdsEscape(readingLookAlikes(decoded)) { needs.insert(.encodedPercent) }
        if !isUTF8(decoded) { needs.insert(.nonUTF8) }
        return (bytes, needs)
    }

    /// Appends what `%XX` stands for, decoded or not, and says what a route has to accept for it.
    private static func append(escaped byte: UInt8, to bytes: inout [UInt8]) throws(Reason) -> PathAcceptance {
        if PathBytes.unreserved.contains(byte) {
            bytes.append(byte)
            return []
        }
        // A backend that decodes before it splits would take `%3F` for the query and `%23` for the end.
        if PathBytes.isControl(byte) || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") { throw .ambiguousPath }
        PathBytes.appendEscape(of: byte, to: &bytes)
        return switch byte {
        case PathBytes.slash: .encodedSlash
        case PathBytes.backslash: .encodedBackslash
        case PathBytes.semicolon: .semicolon
        default: []
        }
    }

    /// Whether an escape still stands in a path that has been decoded, because it had been escaped itself: `%25` before two
    /// hex digits, or their look-alikes, or before `u` and four digits, as IIS reads it.
    private static func holdsEscape(_ decoded: [UInt8]) -> Bool {
        decoded.indices.contains { index in
            decoded[index] == PathBytes.percent
                && (isHexadecimal(decoded, at: index + 1, count: 2) || isUnicodeEscape(decoded, at: index + 1))
        }
    }

    /// `u` and four digits, which behind a `%` some backends decode.
    static func isUnicodeEscape(_ bytes: [UInt8], at index: Int) -> Bool {
        index < bytes.count && PathBytes.lowered(bytes[index]) == UInt8(ascii: "u")
            && isHexadecimal(bytes, at: index + 1, count: 4)
    }

    private static func isHexadecimal(_ bytes: [UInt8], at index: Int, count: Int) -> Bool {
        guard index + count <= bytes.count else { return false }
        return bytes[index..<(index + count)].allSatisfy { PathBytes.hexadecimalValue($0) != nil }
    }

    /// Decodes every escape once, as a forgiving backend does: what is no escape stays.
    static func decodeOnce(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(PathBytes.percent) else { return bytes }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == PathBytes.percent, index + 2 < bytes.count,
                let high = PathBytes.hexadecimalValue(bytes[index + 1]),
                let low = PathBytes.hexadecimalValue(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    /// Refuses longer UTF-8 forms of characters that have a shorter one: `%C0%AE` was a dot to IIS and Tomcat
    /// (CVE-2000-0884, CVE-2008-2938).
    static func refuseOverlong(_ bytes: [UInt8]) throws(Reason) {
        for index in bytes.indices.dropLast() {
            let next = bytes[index + 1]
            let isOverlong =
                switch bytes[index] {
                case 0xC0, 0xC1: (0x80...0xBF).contains(next)
                case 0xE0: (0x80...0x9F).contains(next)
                case 0xF0: (0x80...0x8F).contains(next)
                case 0xF8, 0xFC: (0x80...0x87).contains(next)
                default: false
                }
            if isOverlong { throw .ambiguousPath }
        }
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }
}
