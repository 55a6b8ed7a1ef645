/// Reads IP addresses in the one spelling that every reader agrees on.
package enum IPAddress {
    /// 4 or 16 bytes in network order, or nil.
    ///
    /// Refused, because readers differ: leading zeros (octal to some), fewer than four parts (`127.1`), zone ids.
    package static func bytes(of text: some StringProtocol) -> [UInt8]? {
        let utf8 = Array(text.utf8)
        return utf8.contains(UInt8(ascii: ":")) ? v6(utf8) : v4(utf8[...])
    }

    private static func v4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard byte.isDigit else { return nil }
                value = value * 10 + UInt16(byte - 0x30)
            }
            guard let byte = UInt8(exactly: value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291 §2.2, with `::` and with an IPv4 address as the last part.
    private static func v6(_ text: [UInt8]) -> [UInt8]? {
        guard text.count <= 45 else { return nil }
        var head: [UInt8] = []
        var tail: [UInt8]?
        var rest = text[...]
        if rest.starts(with: "::".utf8) {
            tail = []
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let part = rest.prefix { $0 != UInt8(ascii: ":") }
            rest = rest.dropFirst(part.count)
            let bytes: [UInt8]
            if part.contains(UInt8(ascii: ".")) {
                guard rest.isEmpty, let four = v4(part) else { return nil }
                bytes = four
            } else {
                guard let two = group(part) else { return nil }
                bytes = two
            }
            if tail == nil { head += bytes } else { tail?.append(contentsOf: bytes) }
            if rest.isEmpty { break }
            if rest.starts(with: "::".utf8) {
                guard tail == nil else { return nil }
                tail = []
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
                if rest.isEmpty { return nil }
            }
        }
        guard let tail else { return head.count == 16 ? head : nil }
        // `::` stands for at least one group (RFC 5952 §4.2.2 calls a shorter one wrong).
        guard head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func group(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for byte in part {
            guard let digit = hexadecimalDigit(byte) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return [UInt8(value >> 8), UInt8(value & 0xFF)]
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x41 + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x61 + 10
        default: nil
        }
    }
}
