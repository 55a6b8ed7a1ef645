import Testing

@testable import Accounts

struct PasswordRulesTests {
    @Test("eight characters are enough, whatever they weigh")
    func lower() {
        #expect(PasswordRules.complaint(aboutNew: "äöüäöüä") != nil)
        #expect(PasswordRules.complaint(aboutNew: "äöüäöüäö") == nil)
        #expect(PasswordRules.complaint(aboutNew: "👩‍💻👩‍💻👩‍💻") == nil)  // nine scalars in three characters
        #expect(PasswordRules.complaint(aboutPresented: "x") == nil)
    }

    @Test("72 bytes pass and 73 do not, new or presented")
    func upper() {
        let longest = String(repeating: "ä", count: 36)
        #expect(PasswordRules.complaint(aboutNew: longest) == nil)
        #expect(PasswordRules.complaint(aboutNew: longest + "a")?.contains("72 bytes") == true)
        #expect(PasswordRules.complaint(aboutPresented: longest + "a")?.contains("72 bytes") == true)
    }

    @Test("empty passwords and NUL bytes are refused, new or presented", arguments: ["", "abcdefgh\0", "\0abcdefgh"])
    func unusable(password: String) {
        #expect(PasswordRules.complaint(aboutNew: password) != nil)
        #expect(PasswordRules.complaint(aboutPresented: password) != nil)
    }

    @Test(
        "what is guessed first is too weak: much-used words, the own email, the own name",
        arguments: [
            "password", "password1", "12345678", "iloveyou1", "qwertyuiop", "football1", "ada.lovelace@example.org",
            "ada.lovelace", "AdaLovelace", "lovelace1", "example.org",
        ])
    func weak(password: String) {
        let rules = PasswordRules(strengthBitsMin: 20)
        #expect(
            rules.complaint(aboutStrengthOf: password, email: "ada.lovelace@example.org", name: "Ada Lovelace") != nil)
    }

    @Test(
        "what nobody guesses is strong enough",
        arguments: [House.password, "correct horse battery", "Tr0ub4dour&3x", "f7Kq92mz"])
    func strong(password: String) {
        let rules = PasswordRules(strengthBitsMin: 20)
        #expect(rules.complaint(aboutStrengthOf: password, email: "ada@example.org", name: nil) == nil)
    }

    @Test("zero bits switch the check off")
    func off() {
        #expect(
            PasswordRules(strengthBitsMin: 0).complaint(aboutStrengthOf: "password", email: "a@b.c", name: nil) == nil)
    }
}
