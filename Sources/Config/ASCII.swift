extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isUpper: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowered) }
    /// ASCII letters in lower case, everything else as it is.
    var lowered: UInt8 { isUpper ? self | 0x20 : self }
}

extension String {
    /// ASCII letters lowered. `lowercased()` would turn U+212A into `k`.
    init(loweringASCII text: some StringProtocol) {
        self.init(decoding: text.utf8.map(\.lowered), as: UTF8.self)
    }
}
