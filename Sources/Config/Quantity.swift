/// Numbers with units, read without ever overflowing.
package enum Quantity {
    /// Why a text is no quantity.
    package enum Mistake: Error, Equatable {
        case notANumber, unitMissing, tooLarge
        case unknownUnit(String)
    }

    /// Milliseconds from `500ms`, `30s`, `15m`, `12h`, `7d`.
    package static func milliseconds(_ text: String) throws(Mistake) -> Int {
        try scaled(text) { unit throws(Mistake) in
            switch unit {
            case "ms": 1
            case "s": 1_000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            case "": throw .unitMissing
            default: throw .unknownUnit(unit)
            }
        }
    }

    /// Bytes from `512`, `10k`, `1m`, `2g`; a kilobyte has 1024.
    static func bytes(_ text: String) throws(Mistake) -> Int {
        try scaled(text) { unit throws(Mistake) in
            switch unit {
            case "": 1
            case "k", "K": 1_024
            case "m", "M": 1_024 * 1_024
            case "g", "G": 1_024 * 1_024 * 1_024
            default: throw .unknownUnit(unit)
            }
        }
    }

    /// A plain decimal number.
    static func count(_ text: String) throws(Mistake) -> Int {
        try scaled(text) { unit throws(Mistake) in
            guard unit.isEmpty else { throw .notANumber }
            return 1
        }
    }

    private static func scaled(_ text: String, by factor: (String) throws(Mistake) -> Int) throws(Mistake) -> Int {
        let digits = text.utf8.prefix(while: \.isDigit)
        guard !digits.isEmpty else { throw .notANumber }
        let factor = try factor(String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self))
        var value = 0
        for digit in digits {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(Int(digit - 0x30))
            if overflow || carry { throw .tooLarge }
            value = sum
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        if overflow { throw .tooLarge }
        return product
    }
}

extension Quantity {
    /// `90s`, `15m`: the largest unit that divides it, for messages.
    static func text(milliseconds: Int) -> String {
        for (unit, factor) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        where milliseconds > 0 && milliseconds.isMultiple(of: factor) {
            return "\(milliseconds / factor)\(unit)"
        }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }

    static func text(bytes: Int) -> String {
        for (unit, factor) in [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)]
        where bytes > 0 && bytes.isMultiple(of: factor) {
            return "\(bytes / factor)\(unit)"
        }
        return "\(bytes)"
    }
}
