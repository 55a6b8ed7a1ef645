import Testing

@testable import Crypto

@Suite("Imported password hashes")
struct ImportedHashTests {
    private func verify(_ password: String, _ hash: String) -> Bool {
        PasswordHash.verify(Array(password.utf8).span, against: hash)
    }

    private func verify(_ password: String, _ hash: String, work cost: Int) -> Bool {
        PasswordHash.verify(Array(password.utf8).span, against: hash, withWorkOf: cost)
    }

    /// Of the word `password`, made by libxcrypt's own `crypt_gensalt` and `crypt`.
    static let good = [
        "$5$9gk09gk09gk09gk0$jURNiunX9ubHd65zftek8e3aS7EUwCFCsUKuepWjymC",
        "$5$rounds=1000$salt$p.wiWs2zrZ7irikO2AL64QDIJo00A3KDq2xWHpLJGgB",
        "$5$rounds=1000000$Ak.1Ak.1Ak.1Ak.1$yakPYIhCVbQ.j1UwpBVo8XYZxgRQvIL86bUI0VVNJSB",
        "$6$BoE1BoE1BoE1BoE1$oDhaCDy/HkFKlpjfQ/k80VZdambILbu8hb/DaIRUx60y9GIg4034vBTWf2ozjHQpfrBa2AplTih6yhjqAZ0E.1",
        "$y$j75$Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1Dwk1D."
            + "$OlSusxM/DcR9iB348UUrT6PKKW5eiNIsh5gw7T87PD5",
        "$gy$j9T$IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3IE/3I."
            + "$Nx1F4BDvMmdswxelY.CzCSQ1Bq.rrSKCiot7pbZify9",
        "$7$BU..../....KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3KMV3K."
            + "$SK4qVmULwn25dvbwgUG3gIDTybSSGF/g.RGxaz3mUIB",
    ]

    @Test("every scheme that is taken over logs in, and only with its password", arguments: good)
    func comparesWithOwn(hash: String) {
        #expect(PasswordHash.objection(toImported: hash) == nil)
        #expect(verify("password", hash))
        #expect(!verify("Password", hash))
        #expect(!verify("", hash))
        #expect(verify("password", hash, work: 4))
        #expect(!verify("passwor", hash, work: 4))
        var flipped = Array(hash.utf8)
        flipped[flipped.count - 5] ^= 1
        #expect(!verify("password", String(decoding: flipped, as: UTF8.self)))
    }

    private static let yescryptTail =
        "$HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2HAl2H."
        + "$ms3QzfaiBFuG/phEygDS14M9E8d43wwPD1TLbsRQVw5"
    private static let shaDigest =
        "$.13mi.Dc0IciCsqjcdSmTU8lcXGDowqTQrd0gSCzo4ceq1EjbUQACRezXM4PO0cPBoCeS/xQF4ezkGTtm9SLo1"
    private static let bcryptTail = "$AemIAemIAemIAemIAemIAereblKRZ18tcchyeQrzZtr6KHCnOEPha"
    private static let scryptTail = "MU/4MU/4$hWj2dLUsNHYQ7clwxnAxjnx8x9Kj3jqFBgqNCyunJ28"

    @Test(
        "what would take more than a second is refused for that",
        arguments: [
            "$6$rounds=1000001$abc\(shaDigest)", "$6$rounds=999999999$abc\(shaDigest)", "$y$jFT\(yescryptTail)",
            "$y$jTT\(yescryptTail)", "$y$jgh\(yescryptTail)", "$7$FU..../....\(scryptTail)",
            "$7$zzzzzzzzzzz\(scryptTail)", "$7$CU....zzzzz\(scryptTail)",
        ])
    func bombs(hash: String) {
        #expect(PasswordHash.objection(toImported: hash) == "is more than a second of work")
        #expect(!PasswordHash.isForeign(hash))
    }

    @Test("the dearest that is taken is still computed", arguments: ["$y$jET\(yescryptTail)"])
    func dearest(hash: String) {
        #expect(PasswordHash.objection(toImported: hash) == nil)
        #expect(verify("password", hash))
    }

    @Test("bcrypt from cost 4 to 14", arguments: 0...31)
    func bcrypt(cost: Int) {
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let hash = prefix + (cost < 10 ? "0" : "") + "\(cost)" + Self.bcryptTail
            #expect((PasswordHash.objection(toImported: hash) == nil) == (4...14).contains(cost))
        }
    }

    @Test(
        "everything else is refused",
        arguments: [
            "", "*", "!", "*0", "*1", "x", "password", "abJnggxhB/yWI", "_J9..rasmBYk8r9AiWNc",
            "$1$abc$BXBqpb9BZcZhXLgbee.0s/", "$3$$8846f7eaee8fb117ad06bdd830b7586c", "$md5$x$y", "$sha1$1$x$y",
            "$2x$10$abcdefghijklmnopqrstuu5Lo0g67CiD3M4RpN1BmBb4Crp5w7dbK", "$2$10\(bcryptTail)", "$2b$1\(bcryptTail)",
            "$2b$+4\(bcryptTail)", "$2b$10\(bcryptTail)x", "$2b$10\(bcryptTail)\n", "$2b$10\(bcryptTail.dropLast())",
            "5f4dcc3b5aa765d61d8327deb882cf99", "{SSHA}x", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
            "$6$abc", "$6$abc$", "$6$\(shaDigest)x", "$6$a:b\(shaDigest)", "$6$seventeen.letters\(shaDigest)",
            "$6$rounds=999$abc\(shaDigest)", "$6$rounds=05000$abc\(shaDigest)", "$6$rounds=-1$abc\(shaDigest)",
            "$6$rounds=$abc\(shaDigest)", "$6$rounds=99999999999999999999$abc\(shaDigest)",
            "$6$rounds=5000$a$b\(shaDigest)",
            "$5$abc\(shaDigest)", "$y$/9T\(yescryptTail)", "$y$j9T0\(yescryptTail)", "$y$j\(yescryptTail)", "$y$j9T$$",
            "$y$jz./\(yescryptTail)", "$7$", "$7$CU..../...$x", "$7$......../....\(scryptTail)",
            "$7$CU.........\(scryptTail)",
            "$5$9gk09gk09gk09gk0$jURNiunX9ubHd65zftek8e3aS7EUwCFCsUKuepWjym\0",
        ])
    func refused(hash: String) {
        #expect(PasswordHash.objection(toImported: hash) != nil)
        #expect(!PasswordHash.isForeign(hash))
        #expect(!verify("password", hash, work: 4))
    }
}
