import Config
import HTTP

/// A route's condition on host, path and method, compiled.
struct RoutePattern: Sendable {
    var host: RouteLine.Host
    /// The path in canonical spelling, without `/*`; `/` for `/*` itself. A parameter is a segment of one NUL, which no path
    /// that passes has, folded or not.
    var literal: [UInt8]
    /// The segments of `literal`.
    let segments: [[UInt8]]
    /// The parameters by name, as numbers of segments counted from 0.
    var parameters: [String: Int] = [:]
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
        (literal, coversBelow, parameters) = path
        segments = literal.split(separator: Self.slash).map(Array.init)
        guard !line.methods.isEmpty else { return }
        var methods = MethodSet()
        for method in line.methods {
            guard let number = numbers.insert(method.value) else {
                problems.error(
                    at: method.place, "more than \(MethodNumbers.countMax) methods are named",
                    hint: "all routes together; the common ones count: \(MethodNumbers.common.joined(separator: ", "))")
                return nil
            }
            methods.insert(number)
            // RFC 9110 §9.3.2: HEAD is GET without the body, so one rule is for both.
            if method.value == "GET", let head = numbers.insert("HEAD") { methods.insert(head) }
        }
        self.methods = methods
    }

    private static func path(
        _ line: RouteLine, problems: inout Problems
    ) -> (literal: [UInt8], coversBelow: Bool, parameters: [String: Int])? {
        let place = line.path.place
        var text = line.path.value[...]
        let coversBelow = text.hasSuffix("/*")
        if coversBelow { text = text.dropLast(2) }
        if text.utf8.contains(UInt8(ascii: "*")) {
            problems.error(
                at: place, "`*` stands inside the path",
                expected: "a path of literal segments and `{name}`, perhaps with `/*` at its end",
                hint: "whole segments are compared: /img/* covers /img and everything below")
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
        if text.isEmpty { return ([slash], true, [:]) }
        guard let (filled, parameters) = takingParameters(text, at: place, problems: &problems) else { return nil }
        guard let literal = canonical(filled), literal.needs.isEmpty else {
            problems.error(
                at: place, "no request that passes has this path",
                expected: "a path without dot segments, empty segments, `;`, and escaped `/ \\ ; ? # %`",
                hint: "non-ASCII letters and blanks may be written raw, in quotes, or as %XX of their UTF-8 bytes")
            return nil
        }
        if CanonicalPath.isOwn(literal.bytes) || CanonicalPath.isOwn(literal.foldedForm) {
            problems.error(
                at: place, "the gateway answers /api/auth itself", expected: "a path that does not lie in /api/auth")
            return nil
        }
        return (inserting(parameters, into: literal.bytes), coversBelow, parameters)
    }

    /// The path with a plain word in place of each `{name}`, and which segments those were.
    private static func takingParameters(
        _ text: Substring, at place: Place, problems: inout Problems
    ) -> (filled: Substring, parameters: [String: Int])? {
        guard text.utf8.contains(where: { "{}".utf8.contains($0) }) else { return (text, [:]) }
        var parameters: [String: Int] = [:]
        var segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() where segment.utf8.contains(where: { "{}".utf8.contains($0) }) {
            let name = String(segment.dropFirst().dropLast())
            guard segment.hasPrefix("{"), segment.hasSuffix("}"), !name.isEmpty,
                name.utf8.allSatisfy({ byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "_-".utf8.contains(byte)
                })
            else {
                problems.error(
                    at: place, "`\(segment)` is not a parameter", expected: "a whole segment: /users/{id}/*",
                    hint: "a name has letters, digits, `_` and `-`")
                return nil
            }
            guard parameters.updateValue(index, forKey: name) == nil else {
                problems.error(at: place, "the parameter `{\(name)}` is given twice")
                return nil
            }
            segments[index] = "parameter"
        }
        return ("/" + segments.joined(separator: "/"), parameters)
    }

    private static func inserting(_ parameters: [String: Int], into path: [UInt8]) -> [UInt8] {
        guard !parameters.isEmpty else { return path }
        var segments = path.split(separator: slash).map(Array.init)
        for index in parameters.values where segments.indices.contains(index) { segments[index] = parameter }
        return segments.flatMap { [slash] + $0 }
    }

    /// The segment that stands for a parameter.
    static let parameter: [UInt8] = [0]
    private static let slash = UInt8(ascii: "/")

    /// A path that the pattern covers.
    var sample: [UInt8] { filled { _ in Array("x".utf8) } }

    /// The path as it could be written.
    var pathText: String {
        let names = Dictionary(parameters.map { ($1, $0) }) { first, _ in first }
        return String(decoding: filled { Array("{\(names[$0] ?? "")}".utf8) }, as: UTF8.self)
    }

    private func filled(_ value: (Int) -> [UInt8]) -> [UInt8] {
        guard !parameters.isEmpty else { return literal }
        return literal.split(separator: Self.slash).enumerated().flatMap { index, segment in
            [Self.slash] + (segment.elementsEqual(Self.parameter) ? value(index) : Array(segment))
        }
    }

    /// A host that the pattern covers.
    var sampleHost: [UInt8] {
        switch host {
        case .any: []
        case .exact(let name): Array(name.utf8)
        case .wildcard(let suffix): Array("x\(suffix)".utf8)
        }
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
