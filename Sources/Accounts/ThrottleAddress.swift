/// A client's address as attempts are counted by it: an IPv4 address whole, an IPv6 address by its /64, because whoever
/// has one IPv6 address has 2^64 of them.
struct ThrottleAddress: Sendable, Hashable {
    /// `192.0.2.7`, `2001:db8:0:1::/64`, or the text as given when it is no address (a Unix socket).
    let text: String

    /// What is longer than any address is cut: it goes into a primary key.
    private static let bytesMax = 64

    init(_ address: String) {
        let bytes = Array(address.utf8)
        guard let groups = Self.groups(of: bytes) else {
            text = String(decoding: bytes.prefix(Self.bytesMax), as: UTF8.self)
            return
        }
        if groups[0..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            // ::ffff:a.b.c.d is the same client that a socket for IPv4 calls a.b.c.d (RFC 4291 §2.5.5.2).
            text = [groups[6] >> 8, groups[6] & 0xFF, groups[7] >> 8, groups[7] & 0xFF].map(String.init)
                .joined(separator: ".")
        } else {
            text = groups[0..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
        }
    }

    /// The eight groups of an IPv6 address (RFC 4291 §2.2), nil for anything else.
    private static func groups(of address: [UInt8]) -> [UInt16]? {
        let bytes = address.prefix { $0 != UInt8(ascii: "%") }  // fe80::1%eth0: the zone says nothing about the client
        guard bytes.count <= bytesMax, bytes.contains(UInt8(ascii: ":")) else { return nil }
        var before: [UInt16] = []
        var after: [UInt16]? = nil
        var parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)[...]
        // "::" at an end gives two empty parts there; one of them is the gap.
        if parts.first?.isEmpty == true {
            parts.removeFirst()
            guard parts.first?.isEmpty == true else { return nil }
        }
        if parts.last?.isEmpty == true {
            parts.removeLast()
            guard parts.last?.isEmpty == true else { return nil }
        }
        for (offset, part) in parts.enumerated() {
            var found: [UInt16] = []
            if part.isEmpty {
                guard after == nil else { return nil }
                after = []
                continue
            } else if part.contains(UInt8(ascii: ".")) {
                guard offset == parts.count - 1, let tail = dotted(part) else { return nil }
                found = tail
            } else {
                guard let group = hexadecimal(part) else { return nil }
                found = [group]
            }
            if after == nil { before += found } else { after? += found }
        }
        guard let after else { return before.count == 8 ? before : nil }
        guard before.count + after.count < 8 else { return nil }
        return before + Array(repeating: 0, count: 8 - before.count - after.count) + after
    }

    private static func hexadecimal(_ part: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for byte in part {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    private static func dotted(_ part: ArraySlice<UInt8>) -> [UInt16]? {
        let octets = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard octets.count == 4 else { return nil }
        var values: [UInt16] = []
        for octet in octets {
            guard (1...3).contains(octet.count) else { return nil }
            var value: UInt16 = 0
            for byte in octet {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + UInt16(byte - UInt8(ascii: "0"))
            }
            guard value <= 255 else { return nil }
            values.append(value)
        }
        return [values[0] << 8 | values[1], values[2] << 8 | values[3]]
    }
}
