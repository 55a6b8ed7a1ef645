import HTTP

/// What conditions may ask about a request. Gathered only for a route that has conditions.
package struct Facts: Sendable {
    /// The caller's roles as the token has them; nil for nobody.
    package var roles: [String]?
    /// What the token says under the names that conditions ask for, each value as text; a claim that is a list has several,
    /// one that is an object none.
    package var claims: [String: [String]] = [:]
    /// Claims of which nobody can say what they mean in this token: another issuer has signed it.
    package var withheldClaims: Set<String> = []
    /// The client's address, 4 or 16 bytes; nil when it is not known.
    package var address: [UInt8]?
    package var method: [UInt8] = []
    /// Lower-cased, without port: as `HostForest.key` makes it.
    package var host: [UInt8] = []
    /// The canonical path.
    package var path: [UInt8] = []
    /// Whether the path can be read in one way only: no route had to accept its spelling.
    package var isPathPlain = true
    /// Without the `?`.
    package var query: [UInt8] = []
    /// Name and value as sent; of the fields that a backend would get, at least those whose folded names the route asks for.
    package var fields: [(name: [UInt8], value: [UInt8])] = []
    /// Nil when the time is not known.
    package var unixSeconds: Int64?

    package init() {}
}

extension Facts {
    /// A value that may be missing, or there in more than one reading.
    enum Found {
        case absent
        case one([UInt8])
        case unclear
    }

    /// The field of that name. Twice, or once in a spelling that some backends fold to it, is unclear.
    func field(_ asked: FoldedName, exactly name: [UInt8]) -> Found {
        var found = Found.absent
        for field in fields where asked.matches(field.name.span) {
            guard case .absent = found, Self.equalFolded(field.name, name) else { return .unclear }
            found = .one(field.value)
        }
        return found
    }

    /// The parameter of that name in the query, percent-decoded.
    ///
    /// Unclear where frameworks differ: twice, in other letter case, as an array (`a[]`, `a.b`, `[a]`), with signs or blanks around
    /// it, with `;` as a separator, or with an escape that is none.
    func queryParameter(_ asked: [UInt8]) -> Found {
        guard !query.contains(UInt8(ascii: ";")) else { return .unclear }
        var found = Found.absent
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0], plusIsBlank: true),
                let value = Self.decoded(parts.count == 2 ? parts[1] : [], plusIsBlank: true)
            else { return .unclear }
            guard Self.mayMean(name, asked) else { continue }
            guard case .absent = found, name == asked else { return .unclear }
            found = .one(value)
        }
        return found
    }

    /// Whether some framework takes a parameter of that name for the one that is asked for.
    ///
    /// Rack and qs read `[a]` as `a`, Spring binds `_a` and `!a` to it, PHP and others trim blanks; an array or an object begins
    /// behind `[` or `.`.
    private static func mayMean(_ name: [UInt8], _ asked: [UInt8]) -> Bool {
        let folded = FoldedName(name.span).bytes
        if folded == FoldedName(asked.span).bytes { return true }
        let core = FoldedName(asked.span).bytes.drop { $0 == dash }.reversed().drop { $0 == dash }.reversed()
        let start = folded.prefix { $0 == dash }.count
        guard !core.isEmpty, folded.dropFirst(start).starts(with: core) else { return false }
        let rest = name.dropFirst(start + core.count)
        return rest.first.map { $0 <= 0x20 || "[].".utf8.contains($0) } ?? true
    }

    private static let dash = UInt8(ascii: "-")
    private static let slash = UInt8(ascii: "/")

    /// The segment of the path with that number, percent-decoded; nil when a backend could read another one there.
    ///
    /// Printable ASCII only: what is beyond is the same to some programs and different to others, and a claim that its bearer
    /// may choose (a name) must not reach somebody else's path.
    func segment(_ index: Int) -> [UInt8]? {
        let segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
        guard isPathPlain, segments.indices.contains(index),
            let decoded = Self.decoded(segments[index], plusIsBlank: false),
            decoded.allSatisfy({ (0x21...0x7E).contains($0) && !"/\\;%".utf8.contains($0) }),
            // `alice.` and `alice::$DATA` are `alice` to Windows.
            CanonicalPath.fold([Self.slash] + decoded, []) == [Self.slash] + decoded
        else { return nil }
        return decoded
    }

    private static func decoded(_ text: ArraySlice<UInt8>, plusIsBlank: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let high = hexadecimal(text[index + 1]),
                    let low = hexadecimal(text[index + 2])
                else { return nil }
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsBlank && text[index] == UInt8(ascii: "+") ? 0x20 : text[index])
                index += 1
            }
        }
        return decoded
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// ASCII letters without case; everything else byte for byte.
    private static func equalFolded(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.map(lowered) == b.map(lowered) }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
