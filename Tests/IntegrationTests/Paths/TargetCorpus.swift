/// Request targets that strangers try: pieces that two programs may read differently, put into and between paths of
/// different rules.
struct TargetCorpus {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    private static let places = [
        "/admin/x", "/admin", "/admin/", "/api/x", "/api/auth/me", "/public/x", "/files/x", "/x", "/",
        "/public/admin/x",
        "/x/admin/y", "/files/a/b", "/administrator", "/publicx/y",
    ]
    private static let names = ["admin", "api", "auth", "public", "files", "x", "ADMIN", "Admin", "%61dmin", "apI"]

    /// Dots, escapes, double escapes, slashes, parameters, blanks, look-alikes, raw bytes.
    private static let pieces: [[UInt8]] =
        [
            ".", "..", "...", "/./", "/../", "/.", "/..", "%2e", "%2E", "%2e%2e", ".%2e", "%2e.", "/%2e%2e/", "%252e",
            "%252e%252e", "..;", "..;/", "/..;/", ";", ";/", ";a=b", ";x/../", "%3b", "%3B/", "/", "//", "///", "%2f",
            "%2F", "%252f", "%252F", "%25252f", "%5c", "%5C", "%255c", "\\", "/\\", "\\..\\", "%2f..%2f", "%5c..%5c",
            "%00", "%20", "%20/", "%09", "%0a", "%0d", " ", "\t", "+", "%2b", "%7f", "~", "%7e", "%c0%ae", "%c0%af",
            "%e0%80%af", "%c1%9c", "%u002e", "%u2215", "%u0061", "%ef%bc%8f", "%ef%bc%8e", "%ef%bd%81", "%e2%84%aa",
            "%c2%a0", "%e3%80%80", "%e2%80%a5", "%c3%a9", "%e9", "%ff", "é", "／", "[", "]", "|", "^", "%5b", "%5d",
            "%7c", "%5e", "[..]", "?", "?/admin/x", "?x=/../admin", "#", "#/x", "%23", "%3f", "%3F/x", "@", "a@b", ":",
            ":$DATA", "::$INDEX_ALLOCATION", ":80", "*", "&", "=", "!", "'", "(", ")", ",", "$", "%", "%2", "%zz",
            "%25",
            "%25%32%65", "%2525", "%61", "%41", "{", "}", "<", ">", "\"", "`", "http://a", "//a.test", "//a/",
            "/http:/",
            "/%2fa/", "/%2F/", "/;/", "/;//", "/%20/", "/./;", "index.html", ".json", ".", "..", "%2e%2e%2f", "a:b",
        ].map { Array($0.utf8) } + [[0xC3], [0xE9], [0xFF], [0xC0, 0xAE], [0x80], [0x00], [0x7F]]

    mutating func next() -> [UInt8] {
        var target = Array(Self.pick(Self.places, &dice).utf8)
        if Int.random(in: 0..<3, using: &dice) == 0 {
            target = (0..<Int.random(in: 1...4, using: &dice)).flatMap { _ in
                Array("/\(Self.pick(Self.names, &dice))".utf8)
            }
        }
        for _ in 0..<Int.random(in: 0...3, using: &dice) {
            // Mostly where a segment begins or ends: that is where programs differ.
            let slashes = target.indices.filter { target[$0] == UInt8(ascii: "/") }.flatMap { [$0, $0 + 1] }
            let at =
                Int.random(in: 0..<4, using: &dice) == 0
                ? Int.random(in: 0...target.count, using: &dice) : Self.pick(slashes + [target.count], &dice)
            switch Int.random(in: 0..<8, using: &dice) {
            case 0: target.removeSubrange(at..<min(target.count, at + Int.random(in: 1...3, using: &dice)))
            case 1: if at < target.count { target[at] ^= 0x20 }
            case 2: if at < target.count { target.replaceSubrange(at...at, with: Self.escape(target[at], &dice)) }
            case 3: target.insert(contentsOf: Self.pick(Self.names, &dice).utf8, at: at)
            default: target.insert(contentsOf: Self.pick(Self.pieces, &dice), at: at)
            }
        }
        return target.first == UInt8(ascii: "/") ? target : [UInt8(ascii: "/")] + target
    }

    private static func escape(_ byte: UInt8, _ dice: inout Dice) -> [UInt8] {
        let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: Bool.random(using: &dice))
        return Array((Int.random(in: 0..<4, using: &dice) == 0 ? "%25" : "%").utf8) + Array(digits.utf8)
    }

    private static func pick<Element>(_ elements: [Element], _ dice: inout Dice) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &dice)]
    }
}
