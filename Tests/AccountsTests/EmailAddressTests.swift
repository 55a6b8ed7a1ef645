import Testing

@testable import Accounts

struct EmailAddressTests {
    @Test(
        "one address has one spelling",
        arguments: [
            ("ada@example.org", "ada@example.org"),
            (" \t\r\n\u{0C}ada@example.org\u{0C} ", "ada@example.org"),
            ("ADA@Example.ORG", "ada@example.org"),
            ("a@b", "a@b"),
            ("..a..@b", "..a..@b"),
            (".!#$%&'*+/=?^_`{|}~-@x-1.example", ".!#$%&'*+/=?^_`{|}~-@x-1.example"),
            ("o'brien@example.org", "o'brien@example.org"),
        ])
    func accepted(input: String, expected: String) {
        #expect(EmailAddress(input)?.text == expected)
    }

    @Test(
        "what HTML's grammar does not know is refused",
        arguments: [
            "", " ", "ada", "@example.org", "ada@", "ada@@example.org", "a@b@c", "a da@example.org", "ada@exam ple.org",
            "ada@-example.org", "ada@example-.org", "ada@.org", "ada@example..org", "ada@example.org.",
            "ada@[127.0.0.1]",
            "\"ada\"@example.org", "ada@ex_ample.org", "ada@example.org\0", "ada\0@example.org", "ada@example.org,b@c",
            "Ada <ada@example.org>", "ädä@example.org", "ada@exämple.org", "\u{212A}@example.org", "ada@\u{212A}.org",
            "ada@example.org\u{00A0}", "ada\n@example.org", "' OR 1=1 --", "ada(x)@example.org",
        ])
    func refused(input: String) {
        #expect(EmailAddress(input) == nil)
    }

    @Test("254 bytes are an address, 255 are none, and a label has 63")
    func lengths() {
        let domain = "@" + String(repeating: "d", count: 63) + ".example"
        #expect(EmailAddress(String(repeating: "a", count: 254 - domain.utf8.count) + domain) != nil)
        #expect(EmailAddress(String(repeating: "a", count: 255 - domain.utf8.count) + domain) == nil)
        #expect(EmailAddress("a@" + String(repeating: "d", count: 64) + ".example") == nil)
        #expect(EmailAddress(String(repeating: " ", count: 5000) + "a@b.c") != nil)
    }
}

struct DisplayNameTests {
    @Test(
        "a name is kept as it was meant",
        arguments: [("Ada", "Ada"), ("  Ada Lovelace ", "Ada Lovelace"), ("李雷", "李雷"), ("👩‍💻", "👩‍💻")])
    func accepted(input: String, expected: String) {
        #expect(DisplayName(input)?.text == expected)
    }

    @Test(
        "blank names, control characters and reversed text are refused",
        arguments: [
            "", "   ", "a\nb", "a\r\nX-User-Roles: admin", "a\0b", "a\u{7F}", "a\u{85}b", "a\u{202E}b", "a\u{2028}b",
        ])
    func refused(input: String) {
        #expect(DisplayName(input) == nil)
    }

    @Test("200 bytes are a name and 201 are none")
    func lengths() {
        #expect(DisplayName(String(repeating: "ä", count: 100)) != nil)
        #expect(DisplayName(String(repeating: "ä", count: 100) + "a") == nil)
    }
}

struct RoleNameTests {
    @Test("roles are letters, digits and . _ : -", arguments: ["user", "ADMIN", "a.b_c:d-9", "0"])
    func accepted(input: String) {
        #expect(RoleName(input)?.text == input)
    }

    @Test("a comma would forge a second role", arguments: ["", "user,admin", "a b", "rôle", "a\n", "a/b"])
    func refused(input: String) {
        #expect(RoleName(input) == nil)
    }
}

struct ThrottleAddressTests {
    @Test(
        "addresses are counted by what one client has",
        arguments: [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:DB8:1:2::9", "2001:db8:1:2::/64"),
            ("2001:db8::1", "2001:db8:0:0::/64"),
            ("::1", "0:0:0:0::/64"),
            ("::", "0:0:0:0::/64"),
            ("fe80::1%eth0", "fe80:0:0:0::/64"),
            ("1:2:3:4:5:6:7::", "1:2:3:4::/64"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("::ffff:c000:207", "192.0.2.7"),
        ])
    func clients(address: String, expected: String) {
        #expect(ThrottleAddress(address).text == expected)
    }

    @Test(
        "what is no address is counted as it is, cut to a bound",
        arguments: [
            "unix", "", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", ":1", "1:", "::1.2.3", "g::1", "::12345", "1.2.3.4::",
        ])
    func others(address: String) {
        #expect(ThrottleAddress(address).text == address)
    }

    @Test("an address of any length makes a short key")
    func bound() {
        #expect(ThrottleAddress(String(repeating: "x", count: 10_000)).text.utf8.count == 64)
        #expect(ThrottleAddress(String(repeating: ":", count: 10_000)).text.utf8.count == 64)
    }
}
