import Foundation
import Testing

@testable import Crypto

@Suite("password hashes")
struct PasswordHashTests {
    func verify(_ password: String, _ hash: String) -> Bool {
        PasswordHash.verify(Array(password.utf8).span, against: hash)
    }

    func verify(_ password: String, _ hash: String?, work cost: Int) -> Bool {
        PasswordHash.verify(Array(password.utf8).span, against: hash, withWorkOf: cost)
    }

    @Test(
        "known hashes of other implementations log in",
        arguments: [
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
            ("a", "$2b$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ])
    func knownHashes(password: String, hash: String) {
        #expect(verify(password, hash))
        #expect(!verify(password + "x", hash))
        // The three prefixes are one algorithm, but for bugs that some passwords met in old versions.
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            #expect(verify(password, prefix + hash.dropFirst(4)))
        }
    }

    @Test("a new hash is $2b$ of the cost asked for, and salted")
    func newHashes() throws {
        let password = Array("pässword ✓".utf8)
        let first = try PasswordHash.hash(password.span, cost: 4)
        let second = try PasswordHash.hash(password.span, cost: 4)
        #expect(first.hasPrefix("$2b$04$") && first.utf8.count == 60)
        #expect(first != second)
        #expect(PasswordHash.cost(of: first) == 4)
        #expect(verify("pässword ✓", first) && verify("pässword ✓", second))
        #expect(!verify("passw\u{F6}rd ✓", first))
        #expect(try PasswordHash.hash(password.span, cost: 5).hasPrefix("$2b$05$"))
    }

    @Test("the bytes decide, not what Unicode calls equivalent")
    func bytesDecide() throws {
        let hash = try PasswordHash.hash(Array("caf\u{E9}".utf8).span, cost: 4)
        #expect(verify("caf\u{E9}", hash))
        #expect(!verify("cafe\u{301}", hash))
    }

    @Test("72 bytes count to the last one; longer passwords and NUL are refused, never cut")
    func limits() throws {
        let longest = String(repeating: "x", count: 71)
        let hash = try PasswordHash.hash(Array((longest + "y").utf8).span, cost: 4)
        #expect(verify(longest + "y", hash))
        #expect(!verify(longest + "z", hash))
        #expect(!verify(longest + "yy", hash))
        #expect(!verify("a\0b", try PasswordHash.hash([UInt8(ascii: "a")].span, cost: 4)))
        for password in [longest + "yy", "a\0b", "\0"] {
            #expect(throws: CryptoError.passwordUnhashable) {
                try PasswordHash.hash(Array(password.utf8).span, cost: 4)
            }
        }
    }

    @Test("a cost outside the range is refused", arguments: [-1, 0, 3, 21, 31, 99])
    func costRange(cost: Int) {
        #expect(throws: CryptoError.hashFailed) { try PasswordHash.hash([1].span, cost: cost) }
    }

    @Test(
        "a text that is no bcrypt hash matches nothing, not even itself",
        arguments: [
            "", "*", "*0", "*1", "!", "x", "$2b$", "$2b$04$", "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW0",
            "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeWW",
            "$2a$05$CCCCCCCCCCCCCCCCCCC:C.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO\0W",
        ])
    func malformedHashes(hash: String) {
        #expect(PasswordHash.cost(of: hash) == nil)
        #expect(!verify("U*U", hash))
        #expect(!verify(hash, hash))
        #expect(!verify("U*U", hash, work: 4))
    }

    @Test(
        "an answer of libcrypt that begins with * is a refusal",
        arguments: ["*0", "*1", "*", "", "$2b$03$", "$2b$99$......"])
    func libcryptRefusals(setting: String) {
        #expect(PasswordHash.crypt(Array("U*U".utf8).span, setting) == nil)
    }

    @Test("bits of the salt that mean nothing do not lock anybody out")
    func saltPadding() {
        // 22 digits hold 132 bits, of which 128 are salt. Here the last digit has such a bit set.
        #expect(verify("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC/E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
    }

    @Test("a cheaper hash is topped up to exactly the work of the target: 10 + 10 + 11 is 12")
    func topUp() {
        #expect(Array(PasswordHash.topUpCosts(from: 10, to: 12)) == [10, 11])
        #expect(PasswordHash.topUpCosts(from: 12, to: 12).isEmpty)
        #expect(PasswordHash.topUpCosts(from: 14, to: 12).isEmpty)
        for stored in 4...12 {
            let work = PasswordHash.topUpCosts(from: stored, to: 12).reduce(1 << stored) { $0 + 1 << $1 }
            #expect(work == 1 << 12)
        }
    }

    @Test("whatever is stored, the answer is right")
    func withWork() throws {
        let cheap = try PasswordHash.hash(Array("secret".utf8).span, cost: 4)
        let dear = try PasswordHash.hash(Array("secret".utf8).span, cost: 7)
        for hash in [cheap, dear] {
            #expect(verify("secret", hash, work: 6))
            #expect(!verify("Secret", hash, work: 6))
        }
        #expect(!verify("secret", nil, work: 6))
        #expect(!verify("secret", "*0", work: 6))
        #expect(!verify("......................", nil, work: 6))
    }

    @Test("no hash, a malformed one and a cheaper one take the CPU time of a good one")
    func time() throws {
        let good = try PasswordHash.hash(Array("secret".utf8).span, cost: 9)
        let cheap = try PasswordHash.hash(Array("secret".utf8).span, cost: 5)
        func cpuSeconds(_ hash: String?) -> Double {
            (0..<5).map { _ in
                var start = timespec()
                var end = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
                _ = verify("wrong", hash, work: 9)
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
                return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
            }.sorted()[2]
        }
        let reference = cpuSeconds(good)
        // Half and double: a missing round changes the time by as much, and noise by less.
        for hash in [nil, "*0", "$2b$09$", cheap] {
            let ratio = cpuSeconds(hash) / reference
            #expect(ratio > 0.6 && ratio < 1.6, "\(hash ?? "nil"): \(ratio)")
        }
    }

    @Test("threads do not disturb each other's hashes")
    func concurrency() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<32 {
                group.addTask {
                    let hash = try PasswordHash.hash(Array("password \(index)".utf8).span, cost: 4)
                    return PasswordHash.verify(Array("password \(index)".utf8).span, against: hash)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
