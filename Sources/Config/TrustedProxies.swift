/// The peers whose `X-Forwarded-*` fields are believed (`trusted-proxies`). None, unless somebody says so.
package struct TrustedProxies: Sendable, Equatable {
    package var ranges: [AddressRange] = []
    /// Whether whoever connects through a Unix socket is one of them (`trusted-proxies unix`).
    package var unixSockets = false

    package init() {}

    /// - Parameter address: 4 or 16 bytes in network order. An IPv4 address that arrives mapped into IPv6 (a socket that
    ///   serves both does that) counts as IPv4.
    package func contains(_ address: [UInt8]) -> Bool {
        ranges.contains { $0.contains(address) }
    }
}

/// `10.0.0.0/8`, `fd00::/8`, or a single address.
package struct AddressRange: Sendable, Equatable {
    /// 4 or 16 bytes in network order; the bits behind the prefix are zero.
    package let bytes: [UInt8]
    package let prefixBits: Int

    /// Why a text is no range.
    package enum Mistake: Error, Equatable {
        case notAnAddress
        case badPrefix(max: Int)
        /// Bits are set behind the prefix: one of the two is not what its writer meant.
        case bitsBehindPrefix
    }

    package init(_ text: String) throws(Mistake) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bytes = IPAddress.bytes(of: first) else { throw .notAnAddress }
        var prefix = bytes.count * 8
        if parts.count == 2 {
            let digits = Array(parts[1].utf8)
            guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit) else {
                throw .badPrefix(max: prefix)
            }
            let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard value <= prefix else { throw .badPrefix(max: prefix) }
            prefix = value
        }
        self.bytes = bytes
        prefixBits = prefix
        for bit in prefix..<(bytes.count * 8) where bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 {
            throw .bitsBehindPrefix
        }
    }

    package func contains(_ address: [UInt8]) -> Bool {
        let address = bytes.count == 4 ? Self.unmapped(address) : address[...]
        guard address.count == bytes.count else { return false }
        let whole = prefixBits / 8
        guard address.prefix(whole).elementsEqual(bytes.prefix(whole)) else { return false }
        guard prefixBits % 8 != 0 else { return true }
        let mask: UInt8 = ~(0xFF >> UInt8(prefixBits % 8))
        return address[address.startIndex + whole] & mask == bytes[whole]
    }

    /// `::ffff:10.0.0.1` as `10.0.0.1` (RFC 4291 §2.5.5.2).
    private static func unmapped(_ address: [UInt8]) -> ArraySlice<UInt8> {
        let isMapped =
            address.count == 16 && address.prefix(10).allSatisfy { $0 == 0 } && address[10] == 0xFF
            && address[11] == 0xFF
        return isMapped ? address[12...] : address[...]
    }
}
