import Testing

@testable import Crypto

struct PasswordKindTests {
    private static let kinds = ["$2b$04$", "$2b$05$", "$5$rounds=1000$", "$6$", "$y$j7T$"]

    private static func verify(_ password: String, _ hash: String?) -> Bool {
        PasswordHash.verify(Array(password.utf8).span, against: hash, withWorkOf: 4, amid: kinds)
    }

    @Test(
        "hashes of other systems and schemes let the right password in, and no other",
        arguments: [
            "$2b$05$abcdefghijklmnopqrstuu", "$2y$04$abcdefghijklmnopqrstuu", "$5$rounds=1000$saltsalt",
            "$6$saltsalt", "$y$j7T$abcdefghijklmnop",
        ])
    func kinds(setting: String) throws {
        let password = "pässword ✓"
        let made = PasswordHash.crypt(Array(password.utf8).span, setting)
        let hash = try #require(made)
        #expect(Self.verify(password, hash))
        #expect(!Self.verify(password + "x", hash))
        #expect(!Self.verify(hash, hash))
        // A kind that the list lacks costs other time, and still lets its owner in.
        let bytes = Array(password.utf8)
        let isRight = PasswordHash.verify(bytes.span, against: hash, withWorkOf: 4, amid: [])
        #expect(isRight)
    }

    @Test(
        "what is guessed too fast, or is no hash at all, lets nobody in",
        arguments: [
            nil, "", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/", "abJnggxhB/yWI", "*0", "$6$", "$6$saltsalt$", "$y$", "$7$",
        ])
    func refused(hash: String?) {
        for password in ["password", "", "*0"] { #expect(!Self.verify(password, hash)) }
    }
}
