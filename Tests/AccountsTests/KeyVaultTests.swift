import Foundation
import Testing

@testable import Accounts
@testable import Storage
@testable import Tokens

@Suite("The key ring in the database")
struct KeyVaultTests {
    static let secret = Array("a key encryption secret, long enough".utf8)

    let house: House
    let vault: KeyVault

    init() throws {
        house = try House()
        vault = KeyVault(store: house.store, secret: Self.secret, tokenSeconds: 900)
    }

    /// Moves every time of the ring into the past.
    private func pass(_ seconds: Int64) throws {
        _ = try house.store.transaction { transaction in
            try transaction.run(
                "UPDATE token_keys SET created_at = created_at - $1, signs_at = signs_at - $1", seconds * 1000)
        }
    }

    private func states() throws -> [String: KeyPlan.State] {
        Dictionary(uniqueKeysWithValues: try vault.read().plan.entries.map { ($0.id, $0.state) })
    }

    @Test("a fresh key has a name that no command takes for an option")
    func names() throws {
        for _ in 0..<500 { #expect(!(try NewKey.generate(.hs256).id.hasPrefix("-"))) }
        for _ in 0..<100 { #expect(!(try NewKey.generate(.eddsa).id.hasPrefix("-"))) }
    }

    @Test("the first start makes one key that signs at once, the second none")
    func first() throws {
        let first = try vault.prepare()
        #expect(first.plan.entries.map(\.state) == [.signing])
        #expect(try vault.prepare().rows == first.rows)
        let key = try #require(vault.open(first.rows[0]))
        #expect(key.publicKey?.parameters.thumbprint == first.rows[0].id)
    }

    @Test(
        "numbers that somebody put into the rows are refused where they are read, and end no process",
        arguments: ["token_seconds", "signs_at", "created_at"], [Int64.max, .min, Int64.max / 1000])
    func wildNumbers(column: String, number: Int64) throws {
        _ = try vault.prepare()
        _ = try vault.add(.generate(.es256))
        try house.store.transaction { transaction in
            try transaction.run("UPDATE token_keys SET signs_at = 1 WHERE signs_at IS NULL")
            try transaction.run("UPDATE token_keys SET \(column) = $1", number)
        }
        #expect(throws: StorageError.self) { try vault.read().plan }
    }

    @Test("beside a key in a file the first one waits, and the file's signs meanwhile")
    func besideFile() throws {
        let fixed = try TokenKey.load(algorithm: .hs256, material: Self.secret.span)
        let vault = KeyVault(store: house.store, secret: Self.secret, tokenSeconds: 900, hasOtherSigner: true)
        var follower = KeyFollower(vault: vault, fixed: [fixed])
        let news = try #require(try follower.take(try vault.prepare()))
        #expect(news.signing == fixed.id)
        #expect(news.ring.keys.count == 2)
        try pass(361)
        let later = try #require(try follower.take(try vault.read()))
        #expect(later.signing != fixed.id)
        #expect(later.ring.keys.last?.id == fixed.id, "its tokens stay good")
    }

    @Test("a rotation signs after 360 seconds; the old key stays until its last token has expired, and a minute more")
    func rotate() throws {
        let old = try #require(try vault.prepare().plan.signing)
        let new = try vault.rotate().kid
        #expect(try states() == [old: .signing, new: .waiting])
        #expect(throws: KeyRingProblem.self) { try vault.rotate() }
        try pass(355)
        #expect(try states()[old] == .signing)
        try pass(6)
        #expect(try states() == [old: .leaving, new: .signing])
        try pass(900 + 50)
        #expect(try states()[old] == .leaving)
        try vault.sweep()
        #expect(try vault.read().rows.count == 2)
        try pass(15)
        #expect(try states() == [new: .signing])
        try vault.sweep()
        #expect(try vault.read().rows.map(\.id) == [new])
    }

    @Test("beside a key in a file, a key of an empty ring waits also when it is added or rotated to")
    func noHurry() throws {
        let vault = KeyVault(store: house.store, secret: Self.secret, tokenSeconds: 900, hasOtherSigner: true)
        let first = try vault.add(.generate(.es256)).kid
        #expect(try states() == [first: .waiting])
        let second = try vault.add(.generate(.es256)).kid
        _ = try vault.retire(first, now: false)
        #expect(try vault.rotate().kid == second)
        #expect(try states() == [second: .waiting])
    }

    @Test("a longer `access` of any gateway keeps the old key longer")
    func longerAccess() throws {
        let old = try #require(try vault.prepare().plan.signing)
        _ = try KeyVault(store: house.store, secret: Self.secret, tokenSeconds: 3_600).prepare()
        _ = try vault.prepare()
        _ = try vault.rotate()
        try pass(360 + 3_600)
        #expect(try states()[old] == .leaving)
        try pass(70)
        #expect(try states()[old] == nil)
    }

    @Test("a key on standby never signs by itself, and signs at once when it has been published long enough")
    func standby() throws {
        let old = try #require(try vault.prepare().plan.signing)
        let standby = try vault.add(.generate(.eddsa)).kid
        try pass(10_000)
        #expect(try states() == [old: .signing, standby: .standby])
        #expect(try vault.rotate().kid == standby)
        #expect(try states() == [old: .leaving, standby: .signing])
    }

    @Test("a key in use is retired only as an emergency, and then the next signs at once")
    func retire() throws {
        let old = try #require(try vault.prepare().plan.signing)
        #expect(throws: KeyRingProblem.inUse(old, until: nil)) { try vault.retire(old, now: false) }
        let changed = try vault.retire(old, now: true)
        let new = try #require(changed.reading.plan.signing)
        #expect(new != old)
        #expect(try states() == [new: .signing])
        let waiting = try vault.rotate().kid
        _ = try vault.retire(new, now: true)
        #expect(try states() == [waiting: .signing])
        let standby = try vault.add(.generate(.hs256)).kid
        _ = try vault.retire(standby, now: false)
        #expect(try states() == [waiting: .signing])
        #expect(throws: KeyRingProblem.unknownKey("nobody")) { try vault.retire("nobody", now: true) }
    }

    @Test("a public key's kid is its thumbprint, an HMAC key's is random", arguments: Algorithm.allCases)
    func names(algorithm: Algorithm) throws {
        let row = try vault.add(.generate(algorithm)).reading.rows[0]
        let key = try #require(vault.open(row))
        #expect(key.id == row.id)
        #expect(key.algorithm == algorithm)
        if let publicKey = key.publicKey {
            #expect(row.id == publicKey.parameters.thumbprint)
        } else {
            let again = try vault.add(.generate(algorithm)).kid
            #expect(again != row.id)
            #expect(row.id.utf8.count == 16)
        }
    }

    @Test("an imported key keeps the name that it had in its file; twice is refused")
    func imported() throws {
        let file = try TokenKey.load(algorithm: .hs256, material: (Self.secret + [10]).span)
        #expect(try vault.add(.load(.hs256, material: Self.secret + [10])).kid == file.id)
        #expect(throws: KeyRingProblem.presentAlready(file.id)) { try vault.add(.load(.hs256, material: Self.secret)) }
    }

    @Test("a dump of the database holds no key, and another secret opens nothing and changes nothing")
    func secrecy() throws {
        let row = try vault.prepare().rows[0]
        #expect(!String(decoding: row.sealed, as: UTF8.self).contains("BEGIN"))
        let other = KeyVault(
            store: house.store, secret: Array("another secret of thirty-two bytes!".utf8), tokenSeconds: 1)
        let refusal = KeyRingProblem.sealedOtherwise(kids: [row.id])
        #expect(throws: refusal) { try other.prepare() }
        #expect(throws: refusal) { try other.rotate() }
        #expect(throws: refusal) { try other.add(.generate(.es256)) }
        #expect(try vault.read().rows == [row])
    }

    @Test("a row that was swapped or edited does not open")
    func swapped() throws {
        var first = try vault.prepare().rows[0]
        let second = try vault.add(.generate(.es256)).reading.rows[1]
        first.sealed = second.sealed
        #expect(vault.open(first) == nil)
        var renamed = second
        renamed.id = "chosen"
        #expect(vault.open(renamed) == nil)
        renamed = second
        renamed.algorithm = "hs256"
        #expect(vault.open(renamed) == nil)
    }

    @Test("an emptied table, or a signing row that does not open, leaves the ring as it was")
    func damage() throws {
        var follower = KeyFollower(vault: vault, fixed: [])
        let reading = try vault.prepare()
        #expect(try follower.take(reading) != nil)
        #expect(try follower.take(try vault.read()) == nil)
        #expect(throws: KeyRingProblem.noSigningKey) {
            try follower.take(KeyVault.Reading(rows: [], now: reading.now))
        }
        var edited = reading.rows
        edited[0].sealed[20] ^= 1
        #expect(throws: KeyRingProblem.noSigningKey) {
            try follower.take(KeyVault.Reading(rows: edited, now: reading.now))
        }
    }

    @Test("every change is on record")
    func audit() throws {
        let old = try #require(try vault.prepare().plan.signing)
        _ = try vault.rotate()
        _ = try vault.retire(old, now: true)
        let kinds = try house.store.read { transaction in
            try transaction.rows("SELECT kind FROM audit_events ORDER BY seq").map { row throws(StorageError) in
                var row = row
                return try row.text()
            }
        }
        #expect(kinds == ["key-added", "key-rotated", "key-retired"])
    }
}
