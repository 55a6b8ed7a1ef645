import Bytes

/// Numbers in decimal digits.
extension [UInt8] {
    /// Appends `value` in decimal, with zeros in front up to `minimumDigits`, of which there can be twenty.
    package mutating func appendDecimal(_ value: UInt64, minimumDigits: Int = 1) {
        // From the last digit on: dividing by a constant is a multiplication, by a growing scale it is a division.
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var start = 20
        var rest = value
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        start = Swift.max(0, Swift.min(start, 20 - minimumDigits))
        append(digits.span.extracting(start..<20))
    }
}
