import Config
import HTTP

/// A route's condition on host, path and method, compiled.
struct RoutePattern: Sendable {
    var host: RouteLine.Host
    /// The literal path in canonical spelling, without `/*`; `/` for `/*` itself.
    var literal: [UInt8]
    /// Whether everything below the literal path is covered too.
    var coversBelow: Bool
    /// Nil covers every method and yields to a route that names the one in question.
    var methods: MethodSet?

    /// What a pattern covers, the methods aside: two routes of the same reach may tie.
    struct Reach: Hashable {
        let host: RouteLine.Host
        let literal: [UInt8]
        let coversBelow: Bool
    }

    var reach: Reach { Reach(host: host, literal: literal, coversBelow: coversBelow) }

    /// The pattern of a line, or nil after a problem has been reported.
    init?(_ line: RouteLine, numbers: inout MethodNumbers, problems: inout Problems) {
        host = line.host
        guard let path = Self.path(line, problems: &problems) else { return nil }
        (literal, coversBelow) = path
        guard !line.methods.isEmpty else { return }
        var methods = MethodSet()
        for method in line.methods {
            guard let number = numbers.insert(method.value) else {
                problems.error(at: method.place, "more than \(MethodNumbers.countMax) methods are named")
                return nil
            }
            methods.insert(number)
            // RFC 9110 §9.3.2: HEAD is GET without the body, so one rule is for both.
            if method.value == "GET", let head = numbers.insert("HEAD") { methods.insert(head) }
        }
        self.methods = methods
    }

    private static func path(_ line: RouteLine, problems: inout Problems) -> (literal: [UInt8], coversBelow: Bool)? {
        let place = line.path.place
        var text = line.path.value[...]
        let coversBelow = text.hasSuffix("/*")
        if coversBelow { text = text.dropLast(2) }
        if text.utf8.contains(UInt8(ascii: "*")) {
            problems.error(
                at: place, "`*` stands inside the path", expected: "a literal path, or one that ends in `/*`",
                hint: "whole segments are compared: /img/* covers /img and everything below")
            return nil
        }
        if text.utf8.contains(UInt8(ascii: "{")) {
            problems.error(at: place, "parameters in a path are not built yet", expected: "a literal path")
            return nil
        }
        if text.utf8.contains(where: { "?#".utf8.contains($0) }) {
            problems.error(at: place, "a route is about the path only", hint: "leave out the query")
            return nil
        }
        if text.utf8.count > (coversBelow ? 0 : 1), text.utf8.last == UInt8(ascii: "/") {
            let bare = String(text.dropLast())
            problems.error(
                at: place, "the path ends with a slash",
                hint: coversBelow
                    ? "an empty segment matches nothing"
                    : "write \(bare), which covers \(bare)/ too, or \(bare)/* for everything below")
            return nil
        }
        if text.isEmpty { return ([UInt8(ascii: "/")], true) }
        guard let literal = canonical(text), literal.needs.isEmpty else {
            problems.error(
                at: place, "no request that passes has this path",
                expected: "a path without dot segments, empty segments, `;`, and escaped `/ \\ ; ? # %`",
                hint: "non-ASCII letters and blanks may be written raw, in quotes, or as %XX of their UTF-8 bytes")
            return nil
        }
        if CanonicalPath.isOwn(literal.bytes) || CanonicalPath.isOwn(literal.shadow) {
            problems.error(
                at: place, "the gateway answers /api/auth itself", expected: "a path that does not lie in /api/auth")
            return nil
        }
        return (literal.bytes, coversBelow)
    }

    /// A literal may be written raw or escaped: what a client would have to escape is escaped here.
    private static func canonical(_ text: Substring) -> CanonicalPath? {
        var raw: [UInt8] = []
        for byte in text.utf8 {
            let isPrintable = (0x21...0x7E).contains(byte) && !"\"<>\\`{}".utf8.contains(byte)
            if isPrintable { raw.append(byte) } else { raw += Array("%\(hexadecimal(byte))".utf8) }
        }
        return try? CanonicalPath(raw.span)
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
