/// A field name as the laxest backend reads it: ASCII letters lowered, every byte but letters and digits standing for `-`.
///
/// CGI, WSGI and Rack turn `X-User-Id`, `X_User_Id` and `x.user.id` into the same variable, so a strip list that knows
/// only dashes lets a forged identity through (oauth2-proxy CVE-2025-64484).
package struct FoldedName: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ name: borrowing Span<UInt8>) {
        var folded: [UInt8] = []
        folded.reserveCapacity(name.count)
        for index in name.indices { folded.append(Self.fold(name[index])) }
        bytes = folded
    }

    package init(_ name: String) {
        bytes = name.utf8.map(Self.fold)
    }

    /// Whether a name, folded, is this one. Allocates nothing.
    package func matches(_ name: borrowing Span<UInt8>) -> Bool {
        guard name.count == bytes.count else { return false }
        for index in name.indices where Self.fold(name[index]) != bytes[index] { return false }
        return true
    }

    /// One byte of a name, folded.
    package static func fold(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: UInt8(ascii: "-")
        }
    }
}
