/// A path as `docs/decisions/0003-paths.md` tells people to read it, in as many passes as there are sentences about it. Slow, and shares no line with the code that it is held against.
struct NaivePath {
    typealias Bytes = [UInt8]

    /// What the backend gets: the canonical spelling, or what was sent where a route has to accept it.
    let forwarded: Bytes
    /// The names that a route has to accept.
    let needs: Set<String>
    /// All that comes out of decoding, cutting parameters, backslashes to slashes, merging slashes and taking `//name` at the
    /// start for a host, in any order.
    let readings: Set<Bytes>

    /// Nil when it can never pass.
    init?(_ raw: Bytes) {
        guard raw.first == Self.slash, let canonical = Self.canonical(raw) else { return nil }
        var needs: Set<String> = []
        if Self.contains(canonical, "%2F") { needs.insert("encoded-slash") }
        if Self.contains(canonical, "%5C") { needs.insert("encoded-backslash") }
        if Self.contains(canonical, ";") || Self.contains(canonical, "%3B") { needs.insert("semicolon") }
        if Self.contains(canonical, "//") { needs.insert("empty-segments") }
        let decoded = Self.decoded(canonical)
        let seen = Self.narrowed(decoded)
        if Self.decoded(seen) != seen || Self.holdsUnicodeEscape(seen) { needs.insert("encoded-percent") }
        if String(validating: decoded, as: UTF8.self) == nil { needs.insert("non-utf8") }
        self.needs = needs
        if needs.isEmpty {
            guard !Self.isHazard(canonical) else { return nil }
            (forwarded, readings) = (canonical, [])
        } else {
            var found: Set<Bytes> = [raw, canonical]
            var waiting = Array(found)
            while let next = waiting.popLast() {
                guard !Self.isHazard(next), found.count <= 48 else { return nil }
                for other in [
                    Self.decoded(next), Self.withoutParameters(next), Self.slashed(next), Self.merged(next),
                    Self.withoutHost(next),
                ]
                where found.insert(other).inserted {
                    waiting.append(other)
                }
            }
            (forwarded, readings) = (raw, found)
        }
    }

    static func isOwn(_ path: Bytes) -> Bool {
        path == Array("/api/auth".utf8) || path.starts(with: "/api/auth/".utf8)
    }

    /// As the laxest backend reads it.
    static func fold(_ path: Bytes, case foldsCase: Bool = true, escapes foldsEscapes: Bool = true) -> Bytes {
        var path = foldsEscapes ? narrowed(decoded(path)) : path
        if foldsCase { path = path.map { (65...90).contains($0) ? $0 + 32 : $0 } }
        let segments = parts(path).map { trimmed(name(Array($0.drop { $0 == 32 }))) }.filter { !$0.isEmpty }
        return segments.isEmpty ? [slash] : segments.flatMap { [slash] + $0 }
    }

    /// Whole segments; a slash at the end is none.
    static func segments(_ path: Bytes) -> [Bytes] {
        var segments = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false).map(Array.init)
        if segments.last == [] { segments.removeLast() }
        return segments
    }

    // MARK: Sentences

    private static let slash = UInt8(ascii: "/")
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let plain = Set((letters + "0123456789-._~").utf8)
    private static let allowed = plain.union("!$&'()*+,=:@[]|^/;%".utf8)

    /// Escapes of unreserved characters decoded, hex digits upper-cased; nil for what no client may send.
    private static func canonical(_ raw: Bytes) -> Bytes? {
        guard raw.allSatisfy({ allowed.contains($0) }) else { return nil }
        var canonical: Bytes = []
        var rest = raw[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                canonical.append(byte)
                continue
            }
            guard let value = hexadecimal(rest.prefix(2)) else { return nil }
            rest = rest.dropFirst(2)
            if value < 32 || value == 127 || "?#".utf8.contains(value) { return nil }
            let digits = String(value, radix: 16, uppercase: true)
            canonical += plain.contains(value) ? [value] : Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
        return canonical
    }

    /// Dot segments in any spelling, control bytes, `?`, `#`, IIS's `%uXXXX` and longer forms of UTF-8.
    private static func isHazard(_ path: Bytes) -> Bool {
        let decoded = decoded(path)
        let seen = narrowed(decoded)
        let isOverlong = zip(decoded, decoded.dropFirst()).contains { first, next in
            switch first {
            case 0xC0, 0xC1: (0x80...0xBF).contains(next)
            case 0xE0: (0x80...0x9F).contains(next)
            case 0xF0: (0x80...0x8F).contains(next)
            case 0xF8, 0xFC: (0x80...0x87).contains(next)
            default: false
            }
        }
        let isDots = [decoded, seen].contains { path in
            parts(path).contains { segment in
                let name = Array(segment.prefix { $0 != UInt8(ascii: ";") })
                return [name, Self.name(name)].contains { !$0.isEmpty && trimmed($0).isEmpty }
            }
        }
        return isOverlong || isDots || holdsUnicodeEscape(seen)
            || seen.contains { $0 < 32 || $0 == 127 || "?#".utf8.contains($0) }
    }

    static func decoded(_ path: Bytes) -> Bytes {
        var decoded: Bytes = []
        var rest = path[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        // `UInt8("+1", radix: 16)` is 1.
        return digits.contains { "+-".utf8.contains($0) }
            ? nil : UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static func holdsUnicodeEscape(_ path: Bytes) -> Bool {
        path.indices.contains { index in
            let next = path[index...].prefix(6).map { $0 }
            return next.count == 6 && next[0] == 37 && [85, 117].contains(next[1])
                && hexadecimal(next[2...3]) != nil && hexadecimal(next[4...5]) != nil
        }
    }

    private static func withoutParameters(_ path: Bytes) -> Bytes {
        Array(
            path.split(separator: slash, omittingEmptySubsequences: false)
                .map { $0.prefix { $0 != UInt8(ascii: ";") } }.joined(separator: [slash]))
    }

    private static func slashed(_ path: Bytes) -> Bytes { path.map { $0 == UInt8(ascii: "\\") ? slash : $0 } }

    private static func merged(_ path: Bytes) -> Bytes {
        path.indices.filter { $0 == 0 || path[$0] != slash || path[$0 - 1] != slash }.map { path[$0] }
    }

    private static func withoutHost(_ path: Bytes) -> Bytes {
        guard path.starts(with: "//".utf8) else { return path }
        guard let name = path.firstIndex(where: { $0 != slash }), let end = path[name...].firstIndex(of: slash) else {
            return [slash]
        }
        return Array(path[end...])
    }

    private static func parts(_ path: Bytes) -> [Bytes] {
        path.split { $0 == slash || $0 == UInt8(ascii: "\\") }.map(Array.init)
    }

    /// Without the stream that NTFS would open.
    private static func name(_ segment: Bytes) -> Bytes {
        for end in segment.indices {
            let rest = segment[end...]
            if rest.starts(with: "::$".utf8) || rest.starts(with: ":$".utf8) { return Array(segment[..<end]) }
        }
        return segment
    }

    private static func trimmed(_ segment: Bytes) -> Bytes {
        Array(segment.reversed().drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }.reversed())
    }

    /// Of the characters that look like ASCII, those that `RandomTables` writes.
    private static func narrowed(_ path: Bytes) -> Bytes {
        guard path.contains(where: { $0 >= 0x80 }) else { return path }
        let lookAlikes = [
            "\u{FF41}": "a", "\u{FF21}": "A", "\u{FF0F}": "/", "\u{FF0E}": ".", "\u{2025}": "..", "\u{00A0}": " ",
            "\u{212A}": "k", "\u{2216}": "\\",
        ]
        var narrowed: Bytes = []
        var rest = path[...]
        while let byte = rest.first {
            if let (found, ascii) = lookAlikes.first(where: { rest.starts(with: $0.key.utf8) }) {
                narrowed += ascii.utf8
                rest = rest.dropFirst(found.utf8.count)
            } else {
                narrowed.append(byte)
                rest = rest.dropFirst()
            }
        }
        return narrowed
    }

    private static func contains(_ path: Bytes, _ text: String) -> Bool {
        path.indices.contains { path[$0...].starts(with: text.utf8) }
    }
}
