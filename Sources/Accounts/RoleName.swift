/// A role: `[A-Za-z0-9._:-]+`. Backends get roles joined by commas, so a comma in one would forge a second.
package struct RoleName: Sendable, Hashable, Comparable {
    package static let bytesMax = 64
    /// The role of whoever registers.
    package static let user = "user"

    package let text: String

    /// Nil when `text` is not a role name.
    package init?(_ text: String) {
        let isRoleByte = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: "._:-".utf8.contains(byte)
            }
        }
        guard (1...Self.bytesMax).contains(text.utf8.count), text.utf8.allSatisfy(isRoleByte) else { return nil }
        self.text = text
    }

    package static func < (left: RoleName, right: RoleName) -> Bool { left.text < right.text }
}
