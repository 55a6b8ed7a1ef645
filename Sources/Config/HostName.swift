/// Names and addresses of hosts, as text.
enum HostName {
    /// Letters, digits, `-` and `_` in labels of 1 to 63, at most 253 bytes in all, without a dot at the end. A name whose
    /// last label is a number is none: it is an IPv4 address that somebody mistyped (WHATWG URL, "ends in a number").
    static func isName(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...253).contains(bytes.count) else { return false }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
                label.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") })
            else { return false }
        }
        return !(labels.last?.allSatisfy(\.isDigit) ?? true)
    }

    /// A name or an IPv4 address.
    static func isNameOrIPv4(_ text: some StringProtocol) -> Bool {
        isName(text) || IPAddress.bytes(of: text)?.count == 4
    }
}
