import Testing

@testable import Config

@Suite("Values")
struct ValueTests {
    @Test(
        "durations",
        arguments: [
            ("500ms", 500), ("0s", 0), ("30s", 30_000), ("15m", 900_000), ("24h", 86_400_000), ("7d", 604_800_000),
            ("007s", 7_000),
        ])
    func duration(text: String, milliseconds: Int) throws {
        #expect(try Quantity.milliseconds(text) == milliseconds)
    }

    @Test(
        "what is no duration",
        arguments: ["", "s", "-1s", "+1s", "1", "1.5s", "1 s", "1S", "1w", "٥s", "1e3s", "1h30m"])
    func notADuration(text: String) {
        #expect(throws: Quantity.Mistake.self) { try Quantity.milliseconds(text) }
    }

    @Test(
        "a number that does not fit is refused, not trapped on",
        arguments: [
            "9223372036854775808ms", "99999999999999999999999s", "106751991168d", "9223372036854775807d",
        ])
    func overflow(text: String) {
        #expect(throws: Quantity.Mistake.tooLarge) { try Quantity.milliseconds(text) }
    }

    @Test("sizes") func sizes() throws {
        #expect(try Quantity.bytes("0") == 0)
        #expect(try Quantity.bytes("10k") == 10_240)
        #expect(try Quantity.bytes("1M") == 1_048_576)
        #expect(try Quantity.bytes("2g") == 2_147_483_648)
        #expect(throws: Quantity.Mistake.tooLarge) { try Quantity.bytes("9223372036854775807k") }
        #expect(throws: Quantity.Mistake.unknownUnit("kb")) { try Quantity.bytes("10kb") }
    }

    @Test("quantities are shown in their largest unit") func shown() {
        #expect(Quantity.text(milliseconds: 604_800_000) == "7d")
        #expect(Quantity.text(milliseconds: 90_000) == "90s")
        #expect(Quantity.text(milliseconds: 1_500) == "1500ms")
        #expect(Quantity.text(bytes: 10_240) == "10k")
        #expect(Quantity.text(bytes: 1_000) == "1000")
    }

    @Test(
        "IP addresses",
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]),
            ("::", [UInt8](repeating: 0, count: 16)),
            ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("fd00::", [0xFD] + [UInt8](repeating: 0, count: 15)),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("1::8", [0, 1] + [UInt8](repeating: 0, count: 12) + [0, 8]),
            ("1:2:3:4:5:6:7::", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]),
            ("::ffff:10.0.0.1", [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 10, 0, 0, 1]),
        ])
    func address(text: String, bytes: [UInt8]) {
        #expect(IPAddress.bytes(of: text) == bytes)
    }

    @Test(
        "what is no IP address",
        arguments: [
            "", ".", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.٤", ":", ":::",
            "1:",
            ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::",
            "fe80::1%eth0",
            "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
        ])
    func notAnAddress(text: String) {
        #expect(IPAddress.bytes(of: text) == nil)
    }

    @Test("a range holds what begins with its prefix") func ranges() throws {
        let ten = try AddressRange("10.0.0.0/8")
        #expect(ten.contains([10, 255, 0, 1]))
        #expect(!ten.contains([11, 0, 0, 1]))
        // A socket for both families shows an IPv4 peer as a mapped one.
        #expect(ten.contains([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 0, 0, 1]))
        #expect(!ten.contains([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]))
        #expect(!ten.contains([]))
        let odd = try AddressRange("172.16.0.0/12")
        #expect(odd.contains([172, 31, 255, 255]))
        #expect(!odd.contains([172, 32, 0, 0]))
        let single = try AddressRange("192.0.2.1")
        #expect(single.contains([192, 0, 2, 1]) && !single.contains([192, 0, 2, 2]))
        let six = try AddressRange("fd00::/8")
        #expect(six.contains([0xFD] + [UInt8](repeating: 7, count: 15)) && !six.contains([10, 0, 0, 1]))
        let all = try AddressRange("0.0.0.0/0")
        #expect(all.contains([1, 2, 3, 4]) && !all.contains([UInt8](repeating: 1, count: 16)))
    }

    @Test("public URLs and origins") func publicURLs() throws {
        #expect(try PublicURL("https://App.Example.COM:443/").origin == "https://app.example.com")
        #expect(try PublicURL("http://localhost:8080").origin == "http://localhost:8080")
        #expect(try PublicURL("http://[::1]:80").origin == "http://[::1]")
        #expect(try PublicURL("https://192.0.2.1:8443").port == 8443)
    }

    @Test(
        "what is no public URL",
        arguments: [
            "", "http:", "http://", "https:///", "//host", "host", "javascript:alert(1)", "http://a b", "http://a:b@c",
            "http://a:", "http://a:0", "http://a:99999", "http://a/b", "http://a?b", "http://a#b", "http://[::1",
            "http://::1",
            "http://1.2.3", "http://a..b", "http://\u{212A}.example", "http://a:80:80",
        ])
    func notAPublicURL(text: String) {
        #expect(throws: PublicURL.Mistake.self) { try PublicURL(text) }
    }

    @Test(
        "the nearest word is one that a slip of the finger away",
        arguments: [
            ("lisetn", "listen"), ("lsten", "listen"), ("listenn", "listen"), ("LISTEN", "listen"), ("rout", "route"),
            ("exepct", "expect"), ("upstraem", "upstream"),
        ])
    func nearest(word: String, known: String) {
        #expect(NearestWord.to(word, among: ["listen", "route", "expect", "upstream", "cors"]) == known)
    }

    @Test(
        "a word that is near nothing suggests nothing",
        arguments: ["", "x", "frobnicate", "cxyz", String(repeating: "a", count: 100_000)])
    func nothingNear(word: String) {
        #expect(NearestWord.to(word, among: ["listen", "route", "expect", "upstream", "cors"]) == nil)
    }

    @Test("distance counts a swap of neighbours as one slip") func distance() {
        func distance(_ a: String, _ b: String) -> Int { NearestWord.distance(Array(a.utf8), Array(b.utf8)) }
        #expect(distance("", "") == 0)
        #expect(distance("abc", "") == 3)
        #expect(distance("ab", "ba") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("ca", "abc") == 3)
    }

    @Test("secrets that anybody can guess are objected to") func secrets() {
        func objection(_ text: String) -> String? { SharedSecret.objection(to: Array(text.utf8)) }
        #expect(objection("q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc") == nil)
        #expect(objection("q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5J\n") == "has 31 bytes")
        #expect(objection("") == "has 0 bytes")
        #expect(objection("CHANGE-ME-CHANGE-ME-CHANGE-ME-CHANGE-ME") == "comes from an example")
        #expect(objection("test-secret-test-secret-test-secret") == nil)
        #expect(SharedSecret.doubt(about: Array(String(repeating: "ab", count: 20).utf8)) == "repeats a few characters")
        #expect(SharedSecret.doubt(about: Array("q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc".utf8)) == nil)
        #expect(SharedSecret.trimmed(Array("ab\n\n".utf8)) == Array("ab\n".utf8))
    }
}
