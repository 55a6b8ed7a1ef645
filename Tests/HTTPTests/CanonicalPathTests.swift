import Reasons
import Testing

@testable import HTTP

@Suite("The canonical path")
struct CanonicalPathTests {
    private func canonical(_ raw: String, accepting: PathAcceptance = .everything) throws(Reason) -> CanonicalPath {
        try CanonicalPath(Array(raw.utf8).span, accepting: accepting)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(
        "plain paths pass as they are and folding does not change them",
        arguments: [
            "/", "/a", "/a/", "/a/b.c", "/a/b.c/", "/.well-known/x", "/..a/b", "/a..b", "/-_~!$&'()*+,=:@", "/a[0]|b^c",
            "/0",
            "/.a", "/a.b.c",
        ])
    func plain(raw: String) throws {
        let path = try canonical(raw)
        #expect(text(path.bytes) == raw)
        #expect(path.folded == nil)
        #expect(path.needs == [] && path.readings == [])
        #expect(text(path.foldedForm) == (raw.count > 1 && raw.hasSuffix("/") ? String(raw.dropLast()) : raw))
    }

    static let normalisedPaths: [(raw: String, bytes: String, folded: String)] = [
        ("/%20admin/%20x", "/%20admin/%20x", "/admin/x"),
        ("/admin%c2%a0/x", "/admin%C2%A0/x", "/admin/x"),
        ("/%ef%bb%bfadmin%e3%80%80", "/%EF%BB%BFadmin%E3%80%80", "/admin"),
        ("/admin:$i30:$INDEX_ALLOCATION/x", "/admin:$i30:$INDEX_ALLOCATION/x", "/admin/x"),
        ("/page.php::$DATA", "/page.php::$DATA", "/page.php"),
        ("/admin%3a%24i30/x", "/admin%3A%24i30/x", "/admin/x"),
        ("/v1/docs:cancel/$count", "/v1/docs:cancel/$count", "/v1/docs:cancel/$count"),
        ("/%61dmin", "/admin", "/admin"),
        ("/%41", "/A", "/a"),
        ("/a%2eb", "/a.b", "/a.b"),
        ("/%7Euser", "/~user", "/~user"),
        ("/caf%c3%a9", "/caf%C3%A9", "/café"),
        ("/a%20b", "/a%20b", "/a b"),
        ("/a%2bb", "/a%2Bb", "/a+b"),
        ("/a%5b%5d", "/a%5B%5D", "/a[]"),
        ("/100%25", "/100%25", "/100%"),
        ("/100%25/x", "/100%25/x", "/100%/x"),
        ("/Admin/X", "/Admin/X", "/admin/x"),
        ("/a./b", "/a./b", "/a/b"),
        ("/a...", "/a...", "/a"),
        ("/a%20/b", "/a%20/b", "/a/b"),
        ("/a%20.%20", "/a%20.%20", "/a"),
        ("/%E2%84%AAiosk", "/%E2%84%AAiosk", "/kiosk"),
        ("/%EF%BC%A1dmin", "/%EF%BC%A1dmin", "/admin"),
        ("/%C5%BFecret", "/%C5%BFecret", "/secret"),
        ("/adm%C4%B1n", "/adm%C4%B1n", "/admin"),
        ("/a%EF%BC%8Fb", "/a%EF%BC%8Fb", "/a/b"),
        ("/a%E2%80%A6", "/a%E2%80%A6", "/a"),
        ("/%E4%BD%95%EF%BC%9F", "/%E4%BD%95%EF%BC%9F", "/何？"),
    ]

    @Test(
        "escapes of unreserved characters are decoded, hex digits upper-cased, nothing else changes",
        arguments: normalisedPaths)
    func normalised(raw: String, bytes: String, folded: String) throws {
        let path = try canonical(raw, accepting: [])
        #expect(text(path.bytes) == bytes)
        #expect(text(path.foldedForm) == folded)
        #expect(path.needs == [])
    }

    @Test(
        "what can never pass is refused, whatever is accepted",
        arguments: [
            // Not a path.
            "", "*", "a", "admin/x", "?", " /",
            // Dot segments in any spelling (P-04 to P-26, P-54, P-57, P-61).
            "/.", "/..", "/./", "/../", "/a/.", "/a/..", "/a/./b", "/public/../admin/x", "/public/%2e%2e/admin/x",
            "/public/%2E%2E/admin/x", "/public/.%2e/admin/x", "/public/%2e./admin/x", "/./admin/x", "/%2e/admin/x",
            "/public/./../admin/x", "/public/a/../../admin/x", "/public/../../../../admin/x", "/publicx/../admin/x",
            "/api/auth/../../admin/x", "/api/../admin/x", "/..../x", "/.../x", "/a/.%20/b", "/a/..%20/b", "/a/%20../b",
            "/%20/a", "/a/%20",
            // … in front of an NTFS stream, which some leave out first.
            "/.:$DATA/x", "/public/..:$DATA/admin/x", "/public/..::$DATA/admin/x", "/public/%2e%2e%3a%24x/admin",
            // … behind an escaped slash or backslash, in front of parameters (P-07, P-08, P-11, P-14, P-16).
            "/public/..%2fadmin/x", "/public/..%2Fadmin/x", "/public%2f..%2fadmin", "/public/..%5cadmin/x",
            "/public/..%5Cadmin/x", "/public/..;/admin/x", "/public/%2e%2e;/admin/x", "/public/.;x=1/admin",
            "/public/..;a=b%2fadmin", "/public/..%3b/admin/x", "/public//../admin", "/a%5c..%5cb",
            // … in look-alikes.
            "/public/%EF%BC%8E%EF%BC%8E/admin/x", "/public/%E2%80%A5/admin/x", "/public/%E2%80%A4./admin/x",
            "/public%EF%BC%8F..%EF%BC%8Fadmin", "/public%E2%88%95..%E2%88%95admin", "/public/%EF%B9%92%EF%B9%92/x",
            // … escaped twice (P-81).
            "/public/%252e%252e/admin/x", "/public/%252E./admin/x", "/public/%25252e%25252e/admin/x",
            "/public/%25%32%65%25%32%65/admin/x", "/public/..%252fadmin/x", "/public/..%255cadmin",
            "/public/%252e%252e%252f",
            // … overlong UTF-8 (P-48) and the escapes of IIS.
            "/public/%c0%ae%c0%ae/admin/x", "/public/%C0%AF", "/%e0%80%af", "/%f0%80%80%ae", "/%c1%9c",
            "/%u002e%u002e/x",
            "/%u0061dmin", "/%25u002e%25u002e/x", "/%25%75002e/x", "/%25c0%25ae",
            "/%25%EF%BD%95002e/x",
            // Backslashes, raw 8-bit bytes, blanks, controls (P-12, P-36, P-38, P-46).
            "/public/..\\admin/x", "/\\admin/x", "/a\\b", "/caf\u{E9}", "/a b", "/a\tb", "/a\nb", "/a\u{0}b",
            "/a\u{7F}",
            "/admin%00/x", "/public/..%00/admin/x", "/a%0a", "/a%0D%0Ab", "/a%7f", "/a%1F", "/a%2500", "/a%250a",
            // An encoded question mark or number sign (P-43), raw ones, and what RFC 3986 has no place for.
            "/admin%23/public", "/admin%3f/public", "/admin%253f", "/a?b", "/a#b", "/a\"b", "/a<b", "/a>b", "/a`b",
            "/a{b}",
            // Bad escapes (P-74).
            "/%", "/a%", "/a%2", "/%zz", "/%2g", "/%g2", "/%%61", "/%-1", "/% 1", "/%2", "/a%/b", "/%2/f",
        ])
    func neverPasses(raw: String) {
        #expect(throws: Reason.ambiguousPath) { try canonical(raw) }
    }

    static let accepted: [(raw: String, needs: PathAcceptance)] = [
        ("/admin%2fx", PathAcceptance.encodedSlash),
        ("/admin%2Fx", .encodedSlash),
        ("/api/auth%2fme", .encodedSlash),
        ("/a%5cb", .encodedBackslash),
        ("/admin;a=b/x", .semicolon),
        ("/admin;/x", .semicolon),
        ("/a%3bb", .semicolon),
        ("//admin/x", .emptySegments),
        ("///admin/x", .emptySegments),
        ("/a//b", .emptySegments),
        ("/a//", .emptySegments),
        ("//", .emptySegments),
        ("/a%252fb", .encodedPercent),
        ("/a%2541", .encodedPercent),
        // `%Ａ1`: an escape in look-alikes is one all the same.
        ("/a%25%EF%BC%A11", .encodedPercent),
        ("/a%25%EF%BC%94%EF%BC%91dmin", .encodedPercent),
        ("/caf%e9", .nonUTF8),
        ("/%ff", .nonUTF8),
        ("/%C3", .nonUTF8),
        ("/%C3A", .nonUTF8),
        ("/%ed%a0%80", .nonUTF8),
        ("/A%2f%61;b//c%5c", [.encodedSlash, .semicolon, .emptySegments, .encodedBackslash]),
    ]

    @Test(
        "what a route may accept is named, and passes as sent",
        arguments: accepted)
    func needsAcceptance(raw: String, needs: PathAcceptance) throws {
        let path = try canonical(raw)
        #expect(path.needs == needs)
        #expect(text(path.bytes) == raw)
        #expect(throws: Reason.ambiguousPath) { try canonical(raw, accepting: []) }
        #expect(throws: Reason.ambiguousPath) { try canonical(raw, accepting: .everything.subtracting(needs)) }
        #expect(path.readings.first == path.bytes)
    }

    static let readingsOfAccepted: [(raw: String, expected: [String])] = [
        ("/a%2fb", ["/a%2fb", "/a%2Fb", "/a/b"]),
        ("/a;x=1/b", ["/a;x=1/b", "/a/b"]),
        ("/;/admin", ["/;/admin", "//admin", "/admin"]),
        ("/a;x%2Fy/b", ["/a;x%2Fy/b", "/a;x/y/b", "/a/b", "/a/y/b"]),
        ("//a", ["//a", "/a"]),
        ("/a%5cb", ["/a%5cb", "/a%5Cb", "/a\\b", "/a/b"]),
        ("/a%252fb", ["/a%252fb", "/a%2fb", "/a/b"]),
        ("/%61%2f", ["/%61%2f", "/a%2F", "/a/", "/a//"]),
    ]

    @Test(
        "the readings of an accepted path are all that backends make of it",
        arguments: readingsOfAccepted)
    func readings(raw: String, expected: [String]) throws {
        let readings = try canonical(raw).readings.map(text)
        #expect(Set(readings).isSuperset(of: expected.filter { $0 != "/a//" }))
        #expect(Set(readings).count == readings.count)
    }

    @Test("a path of endless readings is refused, quickly") func endless() {
        let started = ContinuousClock.now
        for raw in [
            "/" + String(repeating: "%25", count: 2_700) + "41", "/a%" + String(repeating: "25", count: 4_000) + "2541",
            "/" + String(repeating: "%2525;//%5c", count: 700), String(repeating: "/", count: 8_000),
            "/" + String(repeating: ";a%2f", count: 1_600),
        ] {
            _ = try? canonical(raw)
        }
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test(
        "the gateway's own paths are known by whole segments",
        arguments: [
            ("/api/auth", true), ("/api/auth/", true), ("/api/auth/login", true), ("/api/%61uth/login", true),
            ("/api/authx", false), ("/api", false), ("/API/auth", false), ("/x/api/auth", false), ("/", false),
        ])
    func own(raw: String, isOwn: Bool) throws {
        #expect(try canonical(raw).isOwn == isOwn)
    }

    @Test("no byte and no mutation traps, and what passes keeps its promises") func promises() {
        var random = Seeded(0x9E37_79B9)
        let pieces = [
            "/", "//", "a", "A", ".", "..", "%2e", "%2F", "%5c", ";", "%3b", "%25", "%252e", "%", "%4", "%C3%A9",
            "%c0%ae",
            "%EF%BC%8E", "%E2%80%A6", "%20", "%00", "é", "\\", "?", "api", "auth", "~", "%7e", "%u002e", "[", "%ff",
        ]
        for _ in 0..<20_000 {
            let raw =
                "/"
                + (0..<Int(random.next() % 8)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            guard let path = try? canonical(raw) else { continue }
            #expect(path.bytes.first == UInt8(ascii: "/"))
            #expect(path.bytes.allSatisfy { (0x21...0x7E).contains($0) }, "\(raw)")
            for reading in path.readings + [path.bytes, path.foldedForm, CanonicalPath.decodeOnce(path.bytes)] {
                let segments = reading.split(separator: UInt8(ascii: "/"))
                #expect(!segments.contains { $0 == [0x2E] || $0 == [0x2E, 0x2E] }, "\(raw)")
                #expect(!reading.contains { $0 < 0x20 || $0 == 0x7F }, "\(raw)")
            }
            if path.needs.isEmpty {
                // Canonical means canonical: the same again changes nothing.
                let again = try? CanonicalPath(path.bytes.span)
                #expect(again?.bytes == path.bytes && again?.foldedForm == path.foldedForm, "\(raw)")
                #expect(CanonicalPath.fold(path.foldedForm, .case) == path.foldedForm, "\(raw)")
            }
        }
    }
}
