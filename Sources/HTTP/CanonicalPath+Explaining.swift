import Reasons

/// Words for people about what a path was read as, or why it was refused. Nothing decides by them: they look for the reason after
/// the fact, with the functions that refused.
extension CanonicalPath {
    /// What was changed on the way from the raw path to this one; empty when nothing was.
    package func changes(from rawPath: [UInt8]) -> [String] {
        guard bytes != rawPath else { return [] }
        var changes: [String] = []
        if bytes.count != rawPath.count { changes.append("escapes of plain characters are decoded") }
        let escapes = Self.escapes(in: rawPath).filter { $0.contains { (0x61...0x66).contains($0) } }
        if !escapes.isEmpty { changes.append("hex digits of escapes are in capitals") }
        return changes
    }

    /// Why no route can win this path, as a sentence without a full stop; nil when there is nothing about the path itself, which
    /// then was refused because two routes could each be meant.
    package static func objection(to rawPath: [UInt8], accepting: PathAcceptance) -> String? {
        guard rawPath.first == PathBytes.slash else { return "it does not begin with a slash" }
        for byte in rawPath where !PathBytes.legal.contains(byte) {
            switch byte {
            case PathBytes.slash, PathBytes.percent, PathBytes.semicolon: break
            case PathBytes.backslash: return "it has a raw backslash, which some programs take for a slash"
            default: return "the byte 0x\(String(byte, radix: 16)) may not stand in a path unescaped"
            }
        }
        if !isWellEscaped(rawPath) { return "a `%` is not followed by two hex digits" }
        guard let normal = try? normalise(rawPath.span) else {
            return "an escape stands for a control byte, `?` or `#`"
        }
        if (try? refuseOverlong(decodeOnce(normal.bytes))) == nil {
            return "it has a longer UTF-8 form of a shorter one"
        }
        if (try? refuseHazards(in: normal.bytes)) == nil {
            return "a segment is, or may be read as, `.` or `..`, or hides a control byte, `?` or `#`"
        }
        let missing = normal.needs.subtracting(accepting).names
        if !missing.isEmpty { return "it needs a route that says `accept \(missing.joined(separator: " "))`" }
        if !normal.needs.isEmpty, (try? readings(asSent: rawPath, normalised: normal.bytes)) == nil {
            return "one way to read it leads up, or to a control byte, or there are too many ways"
        }
        return nil
    }

    private static func escapes(in path: [UInt8]) -> [ArraySlice<UInt8>] {
        path.indices.filter { path[$0] == PathBytes.percent && $0 + 2 < path.count }.map { path[($0 + 1)...($0 + 2)] }
    }

    private static func isWellEscaped(_ path: [UInt8]) -> Bool {
        path.indices.filter { path[$0] == PathBytes.percent }.allSatisfy { index in
            index + 2 < path.count && PathBytes.hexadecimalValue(path[index + 1]) != nil
                && PathBytes.hexadecimalValue(path[index + 2]) != nil
        }
    }
}

extension PathAcceptance {
    /// As they are written behind `accept`.
    package var names: [String] {
        let all: [(PathAcceptance, String)] = [
            (.encodedSlash, "encoded-slash"), (.encodedBackslash, "encoded-backslash"), (.semicolon, "semicolon"),
            (.emptySegments, "empty-segments"), (.encodedPercent, "encoded-percent"), (.nonUTF8, "non-utf8"),
            (.case, "case"), (.escapes, "escapes"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
