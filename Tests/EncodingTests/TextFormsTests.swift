import Encoding
import Foundation
import Testing

@Suite("base64url")
struct Base64URLTests {
    func decode(_ text: String) -> [UInt8]? { Base64URL.decode(Array(text.utf8).span) }

    @Test(
        "the examples of RFC 4648 §10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8).span) == encoded)
        #expect(decode(encoded) == Array(plain.utf8))
    }

    @Test("every byte value survives the way there and back at every length")
    func roundTrip() {
        for length in 0...256 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            let encoded = Base64URL.encode(bytes.span)
            #expect(encoded.utf8.count == (length * 4 + 2) / 3)
            #expect(decode(encoded) == bytes)
        }
        #expect(Base64URL.encode(([0xFB, 0xEF, 0xFF] as [UInt8]).span) == "--__")
    }

    @Test(
        "whatever the encoder would not write is refused",
        arguments: [
            "Zg==", "Zg=", "=", "Zm9v=", "Zm9+", "Zm9/", "Zm 9v", "Zm9v\n", "Zm9v\0", "Zé", "A", "Zm9vA", ".",
        ])
    func strict(text: String) {
        #expect(decode(text) == nil)
    }

    @Test("of all digits that could end a text, only those with zero unused bits do")
    func canonical() {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        #expect(alphabet.filter { Base64URL.decode([UInt8(ascii: "A"), $0].span) != nil }.count == 4)
        #expect(alphabet.filter { Base64URL.decode(Array("AA".utf8 + [$0]).span) != nil }.count == 16)
        #expect(alphabet.filter { Base64URL.decode(Array("AAA".utf8 + [$0]).span) != nil }.count == 64)
    }
}

@Suite("hexadecimal")
struct HexTests {
    func decode(_ text: String) -> [UInt8]? { Hex.decode(Array(text.utf8).span) }

    @Test("bytes become lower-case digits, and digits of either case become bytes")
    func bothWays() {
        #expect(Hex.encode(([0x00, 0x0F, 0xAB, 0xFF] as [UInt8]).span) == "000fabff")
        #expect(decode("000FabFf") == [0x00, 0x0F, 0xAB, 0xFF])
        #expect(decode("") == [])
    }

    @Test("an odd count and other bytes are refused", arguments: ["0", "abc", "0g", "g0", " 0", "0x", "+1", "٠٠"])
    func refused(text: String) {
        #expect(decode(text) == nil)
    }
}

@Suite("UUID text")
struct UUIDTextTests {
    func parse(_ text: String) -> (high: UInt64, low: UInt64)? { UUIDText.parse(Array(text.utf8).span) }

    @Test("version and variant are set, and the other bits stay")
    func version4() {
        #expect(UUIDText.version4(0, 0) == "00000000-0000-4000-8000-000000000000")
        #expect(UUIDText.version4(.max, .max) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(
            UUIDText.version4(0x0123_4567_89AB_CDEF, 0x0123_4567_89AB_CDEF) == "01234567-89ab-4def-8123-456789abcdef")
    }

    @Test("what is written can be read")
    func reading() throws {
        let words = try #require(parse("01234567-89ab-4def-8123-456789abcdef"))
        #expect(words.high == 0x0123_4567_89AB_4DEF)
        #expect(words.low == 0x8123_4567_89AB_CDEF)
        #expect(parse(UUID().uuidString.lowercased()) != nil)
    }

    @Test(
        "other spellings are refused",
        arguments: [
            "", "01234567-89ab-4def-8123-456789abcde", "01234567-89ab-4def-8123-456789abcdef0",
            "01234567-89AB-4def-8123-456789abcdef", "0123456789ab4def8123456789abcdef",
            "{01234567-89ab-4def-8123-456789abcde}",
            "01234567089ab-4def-8123-456789abcdef", "01234567-89ab-4def-8123-456789abcdeg",
            "01234567-89ab-4def-8123-4567-9abcdef",
            "-1234567-89ab-4def-8123-456789abcdef",
        ])
    func refused(text: String) {
        #expect(parse(text) == nil)
    }
}

@Suite("RFC 3339")
struct RFC3339Tests {
    @Test(
        "known points in time",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "+10000-01-01T00:00:00.000Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001, "-0001-12-31T23:59:59.999Z"),
            (Int64.max, "+292278994-08-17T07:12:55.807Z"),
            (Int64.min, "-292275055-05-16T16:47:04.192Z"),
        ])
    func known(milliseconds: Int64, text: String) {
        #expect(RFC3339.format(milliseconds: milliseconds) == text)
    }

    @Test("every day of 400 years agrees with Foundation's calendar")
    func calendar() throws {
        let formatter = DateFormatter()
        formatter.calendar = Calendar(identifier: .gregorian)
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        for day in stride(from: Int64(0), to: 146_097, by: 1) {
            let seconds = day * 86_400 + day % 86_400
            let expected = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds))) + ".000Z"
            guard RFC3339.format(milliseconds: seconds * 1000) == expected else {
                Issue.record("day \(day): \(RFC3339.format(milliseconds: seconds * 1000)), not \(expected)")
                return
            }
        }
    }
}

@Suite("percent-encoding")
struct PercentEncodingTests {
    @Test("unreserved characters stay, everything else is encoded with upper-case digits")
    func encode() {
        let unreserved = "ABCXYZabcxyz0189-._~"
        #expect(PercentEncoding.encode(unreserved) == unreserved)
        #expect(
            PercentEncoding.encode("Zoë O'Hara\r\nX-Role: admin%") == "Zo%C3%AB%20O%27Hara%0D%0AX-Role%3A%20admin%25")
        #expect(PercentEncoding.encode("") == "")
    }

    @Test("no byte is written raw that means anything in a header")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            var text: [UInt8] = []
            PercentEncoding.append([byte].span, to: &text)
            #expect(text.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") })
            #expect(String(decoding: text, as: UTF8.self).removingPercentEncoding != nil || byte >= 0x80)
        }
    }
}
