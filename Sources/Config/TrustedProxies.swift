/// The peers whose `X-Forwarded-*` fields are believed (`trusted-proxies`). None, unless somebody says so.
package struct TrustedProxies: Sendable, Equatable {
    package var ranges: [AddressRange] = []
    /// Whether whoever connects through a Unix socket is one of them (`trusted-proxies unix`).
    package var unixSockets = false

    package init() {}

    /// `address` is 4 or 16 bytes in network order; an IPv4 address that arrives mapped into IPv6 counts as IPv4.
    package func contains(_ address: [UInt8]) -> Bool {
        ranges.contains { $0.contains(address) }
    }
}

/// `10.0.0.0/8` or `fd00::/8`.
package struct AddressRange: Sendable, Equatable {
    /// 4 or 16 bytes in network order; the bits behind the prefix are zero.
    package let bytes: [UInt8]
    package let prefixBits: Int
}

extension AddressRange {
    package func contains(_ address: [UInt8]) -> Bool { false }
}
