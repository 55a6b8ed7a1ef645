/// One header line as it was on the wire: the name in its own case, the value without the blanks around it.
struct WireField: Sendable, Equatable, CustomStringConvertible {
    let name: String
    let value: String

    var description: String { "\(name): \(value)" }

    /// Reads a line without its CRLF. Nil when there is no colon.
    init?(line: some Collection<UInt8>) {
        let bytes = Array(line)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        name = bytes[..<colon].map { $0 }.text
        value = bytes[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }.map { $0 }.text
            .replacing(#/[ \t]+$/#, with: "")
    }

    /// Whether the names are the same but for the case of ASCII letters.
    func isNamed(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}

extension [WireField] {
    /// The values of every line with this name, in order.
    func values(_ name: String) -> [String] {
        filter { $0.isNamed(name) }.map(\.value)
    }

    func first(_ name: String) -> String? { values(name).first }

    /// Lines whose name is `name` under any spelling a backend may fold to it: any case, and any byte but letters and
    /// digits standing for `-`.
    func folded(_ name: String) -> [WireField] {
        filter { Self.fold($0.name) == Self.fold(name) }
    }

    private static func fold(_ name: String) -> [UInt8] {
        name.lowercased().utf8.map { byte in
            let isPlain = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
            return isPlain ? byte : UInt8(ascii: "-")
        }
    }
}
