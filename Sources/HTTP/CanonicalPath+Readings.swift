import Reasons

extension CanonicalPath {
    /// More ways to read one path than this are no accident.
    private static let readingsMax = 48

    /// Every way in which a backend may read a path that is forwarded as sent: whatever comes out of decoding, cutting
    /// parameters, taking backslashes for slashes, merging slashes and taking `//name` at the start for a host, in any order
    /// and any number of times.
    ///
    /// - Throws: `.ambiguousPath` when one of them can never pass, or when they do not come to an end.
    static func readings(asSent: [UInt8], normalised: [UInt8]) throws(Reason) -> [[UInt8]] {
        var readings = [asSent]
        if normalised != asSent { readings.append(normalised) }
        var seen = Set(readings)
        var index = 0
        while index < readings.count {
            let reading = readings[index]
            index += 1
            try refuseHazards(in: reading)
            for step in [decodeOnce, cuttingParameters, readingBackslashes, mergingSlashes, cuttingHost] {
                let next = step(reading)
                guard seen.insert(next).inserted else { continue }
                guard readings.count < readingsMax else { throw .ambiguousPath }
                readings.append(next)
            }
        }
        return readings
    }

    /// `/a;x=1/b` as `/a/b` (Tomcat, Spring, Jetty).
    private static func cuttingParameters(_ path: [UInt8]) -> [UInt8] {
        guard path.contains(PathBytes.semicolon) else { return path }
        var cut: [UInt8] = []
        var isParameter = false
        for byte in path {
            if byte == PathBytes.semicolon { isParameter = true }
            if byte == PathBytes.slash { isParameter = false }
            if !isParameter { cut.append(byte) }
        }
        return cut
    }

    /// `/a\b` as `/a/b` (IIS, and whatever parses URLs as browsers do).
    private static func readingBackslashes(_ path: [UInt8]) -> [UInt8] {
        path.map { $0 == PathBytes.backslash ? PathBytes.slash : $0 }
    }

    /// `/a//b` as `/a/b` (nginx, Go).
    private static func mergingSlashes(_ path: [UInt8]) -> [UInt8] {
        var merged: [UInt8] = []
        merged.reserveCapacity(path.count)
        for byte in path where byte != PathBytes.slash || merged.last != PathBytes.slash { merged.append(byte) }
        return merged
    }

    /// `//a/b` as `/b`: `new URL(target, base)` in JavaScript, `urlsplit(target)` in Python and whatever else resolves
    /// references take `a` for a host (RFC 3986 §4.2), browsers also behind more slashes.
    private static func cuttingHost(_ path: [UInt8]) -> [UInt8] {
        guard path.count > 1, path[1] == PathBytes.slash else { return path }
        let rest = path.drop { $0 == PathBytes.slash }.drop { $0 != PathBytes.slash }
        return rest.isEmpty ? [PathBytes.slash] : Array(rest)
    }

    /// Refuses what may never pass, in a path as it stands and decoded: control bytes, `?` and `#`, escapes in the style
    /// of IIS, overlong UTF-8, and segments of nothing but dots and blanks, also where parameters follow them or a
    /// look-alike of a dot or a slash stands.
    static func refuseHazards(in path: [UInt8]) throws(Reason) {
        let decoded = decodeOnce(path)
        try refuseOverlong(decoded)
        let narrowed = readingLookAlikes(decoded)
        for (index, byte) in narrowed.enumerated() {
            if PathBytes.isControl(byte) || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
                throw .ambiguousPath
            }
            if byte == PathBytes.percent, isUnicodeEscape(narrowed, at: index + 1) { throw .ambiguousPath }
        }
        try refuseDotSegments(in: decoded)
        try refuseDotSegments(in: narrowed)
    }

    private static func refuseDotSegments(in path: [UInt8]) throws(Reason) {
        for segment in path.split(whereSeparator: { $0 == PathBytes.slash || $0 == PathBytes.backslash }) {
            let name = segment.prefix { $0 != PathBytes.semicolon }
            // `..:$DATA` too: whoever leaves the stream out before he resolves dot segments goes up.
            for name in [name, cuttingStream(of: name)] where !name.isEmpty && trimmingEnd(of: name).isEmpty {
                throw .ambiguousPath
            }
        }
    }
}
