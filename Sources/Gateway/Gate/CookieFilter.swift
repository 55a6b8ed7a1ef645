import HTTP

/// Keeps our own cookies from upstreams, and upstreams from setting them.
enum CookieFilter {
    /// Names that belong to the gateway, whatever the public URL's scheme.
    private static let names: [[UInt8]] =
        (RefreshCookie.names + AccessCookie.names).map { Array($0.utf8) }

    /// A `Cookie` value without our cookies; nil when nothing is left.
    ///
    /// Most requests carry none of ours, and their value is returned as it came.
    static func withoutOurs(_ value: borrowing Span<UInt8>) -> [UInt8]? {
        var kept: [UInt8] = []
        var start = 0
        while start < value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
            let pair = trimmed(value, start..<end)
            if !pair.isEmpty, !isOurs(value, pair) {
                if !kept.isEmpty { kept += [UInt8(ascii: ";"), UInt8(ascii: " ")] }
                kept.append(value, pair)
            }
            start = end + 1
        }
        return kept.isEmpty ? nil : kept
    }

    /// Whether a `Set-Cookie` value sets a cookie of ours.
    static func setsOurs(_ value: borrowing Span<UInt8>) -> Bool {
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
        return isOurs(value, trimmed(value, 0..<end))
    }

    /// `name=value` or a bare `name`. RFC 6265 compares names with case; some servers do not, so neither do we.
    ///
    /// A browser keeps `=refresh_token=x` as a cookie without a name, and sends it back as `refresh_token=x`
    /// (RFC 6265bis §5.6, §5.8.3): so a name begins behind what looks like an empty one.
    private static func isOurs(_ value: borrowing Span<UInt8>, _ pair: Range<Int>) -> Bool {
        var start = pair.lowerBound
        while start < pair.upperBound, isEqualsOrBlank(value[start]) { start += 1 }
        var end = start
        while end < pair.upperBound, value[end] != UInt8(ascii: "=") { end += 1 }
        let name = trimmed(value, start..<end)
        return names.contains { ours in
            guard ours.count == name.count else { return false }
            for index in 0..<ours.count where asciiLowered(value[name.lowerBound + index]) != asciiLowered(ours[index])
            {
                return false
            }
            return true
        }
    }

    private static func isEqualsOrBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == 0x20 || byte == 0x09
    }

    private static func trimmed(_ value: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, value[lower] == 0x20 || value[lower] == 0x09 { lower += 1 }
        while upper > lower, value[upper - 1] == 0x20 || value[upper - 1] == 0x09 { upper -= 1 }
        return lower..<upper
    }
}
