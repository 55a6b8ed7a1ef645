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

    @Test("rounds that differ from account to account make a login no dearer than the most of them")
    func variedRounds() {
        let kinds = (0..<500).map { "$6$rounds=\(200_000 - $0)$" } + ["$2b$04$", "$5$", "$y$j7T$"]
        let dummies = PasswordHash.dummySettings(beside: nil, amid: kinds).map { String($0.dropLast(17)) }
        #expect(Set(dummies) == ["$6$rounds=200000$", "$5$rounds=5000$", "$y$j7T$"] && dummies.count == 3)
    }

    @Test("a hash with fewer rounds than others is topped up to the most")
    func toppedUp() {
        func dummies(beside setting: String, digest: Int) -> Set<String> {
            let hash = "\(setting)saltsalt$" + String(repeating: "a", count: digest)
            let kinds = ["$6$rounds=1000$", "$6$rounds=200000$", "$6$", "$y$j7T$", "$y$j8T$"]
            return Set(PasswordHash.dummySettings(beside: hash, amid: kinds).map { String($0.dropLast(17)) })
        }
        #expect(dummies(beside: "$6$", digest: 86) == ["$6$rounds=195000$", "$y$j7T$", "$y$j8T$"])
        #expect(dummies(beside: "$6$rounds=199500$", digest: 86) == ["$6$rounds=1000$", "$y$j7T$", "$y$j8T$"])
        #expect(dummies(beside: "$6$rounds=200000$", digest: 86) == ["$y$j7T$", "$y$j8T$"])
        #expect(dummies(beside: "$y$j8T$", digest: 43) == ["$6$rounds=200000$", "$y$j7T$"])
    }

    @Test("a kind that somebody has planted in the table, and that takes a year, is not computed")
    func planted() {
        let kinds = ["$6$rounds=999999999$", "$y$jzz$", "$7$zzzzzzzzzzz", "$1$", "$2b$31$", "*", ""]
        let dummies = PasswordHash.dummySettings(beside: nil, amid: kinds).map { String($0.dropLast(17)) }
        #expect(dummies == ["$6$rounds=1000000$"])
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
