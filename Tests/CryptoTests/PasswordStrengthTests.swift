import Crypto
import Testing

@Suite("password strength")
struct PasswordStrengthTests {
    func bits(_ password: String, _ dictionary: [String] = []) -> Double {
        PasswordStrength.bits(Array(password.utf8).span, dictionary: dictionary)
    }

    @Test(
        "much-used passwords stay below 20 bits",
        arguments: [
            "password", "12345678", "qwertyuiop", "iloveyou1", "letmein123", "football1", "aaaaaaaaaa", "abcdefghij",
            "P@ssw0rd", "trustno1",
        ])
    func weak(password: String) {
        #expect(bits(password) < 20)
    }

    @Test("good ones are well above", arguments: ["correct horse battery staple", "x7$Kq9!vLm2", "tR0ub4dour&3-gnome"])
    func strong(password: String) {
        #expect(bits(password) > 30)
    }

    @Test("the words of the dictionary are guessed first, in either direction")
    func dictionary() {
        let email = "zebulon.quartermain@example.com"
        #expect(bits(email) > 40)
        #expect(bits(email, [email]) < 5)
        #expect(bits(String(email.reversed()), ["unrelated", email]) < 10)
    }

    @Test("odd input is taken as it comes")
    func oddInput() {
        #expect(bits("") == 0)
        #expect(bits("a\0b") == 0)
        #expect(bits("x7$Kq9!vLm2", ["", "\0", "a\0b", String(repeating: "x", count: 10_000)]) > 30)
        #expect(bits("x7$Kq9!vLm2", (0..<1000).map { "word\($0)" }) > 30)
        #expect(bits("Pässwörtchen", ["Pässwörtchen"]) < 10)
        #expect(PasswordStrength.bits(([0xFF, 0xFE, 0x80, 0xC3] as [UInt8]).span, dictionary: ["\u{FF}"]) > 0)
    }

    @Test("what lies beyond 72 bytes is not looked at")
    func longInput() {
        let head = String(repeating: "7$Kq9!vL", count: 9)
        #expect(bits(head) == bits(head + String(repeating: "Zx#4", count: 100_000)))
    }

    @Test("threads get the same answers")
    func concurrency() async {
        let expected = bits("Tr0ub4dour&3", ["tr0ub"])
        await withTaskGroup(of: Double.self) { group in
            for _ in 0..<50 {
                group.addTask { PasswordStrength.bits(Array("Tr0ub4dour&3".utf8).span, dictionary: ["tr0ub"]) }
            }
            for await answer in group { #expect(answer == expected) }
        }
    }
}
