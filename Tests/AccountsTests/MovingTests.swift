import Testing

@testable import Accounts
@testable import Crypto
@testable import Storage

@Suite("Moving accounts in and out")
struct MovingTests {
    private static let hash =
        "$6$BoE1BoE1BoE1BoE1"
        + "$oDhaCDy/HkFKlpjfQ/k80VZdambILbu8hb/DaIRUx60y9GIg4034vBTWf2ozjHQpfrBa2AplTih6yhjqAZ0E.1"

    private func lines(_ text: String, _ format: UserFile.Format) throws -> [UserFile.Line] {
        var file = try UserFile(Array(text.utf8), format: format)
        var lines: [UserFile.Line] = []
        while let line = file.next() { lines.append(line) }
        #expect(file.offset == file.size)
        return lines
    }

    private func outcome(_ json: String, in house: House) throws -> Administration.Imported {
        switch try lines(json, .jsonl)[0].record {
        case .failure(let problem): .refused(problem.words)
        case .success(let record): try house.administration.importUsers([record])[0]
        }
    }

    @Test("an imported user logs in with the old password, and is rehashed as configured")
    func login() async throws {
        let house = try House { $0.bcryptCost = 5 }
        let line = #"{"email":" Ada@Example.org ","hash":"\#(Self.hash)","roles":["admin","user"],"name":"Ada"}"#
        #expect(try outcome(line, in: house) == .added)
        let account = try #require(try house.administration.find("ada@example.org"))
        #expect(account.roles == ["admin", "user"] && account.name == "Ada" && account.emailVerified)
        #expect(await house.login("ada@example.org", "passwore").refusal?.reason == .invalidCredentials)
        #expect(await house.login("ada@example.org", "password").refusal == nil)
        let stored = try house.store.read { transaction in try transaction.findUser(id: account.id)?.passwordHash }
        #expect(stored?.hasPrefix("$2b$05$") == true)
        #expect(await house.login("ada@example.org", "password").refusal == nil)
        #expect(try outcome(line, in: house) == .existing)
        #expect(try house.administration.find("ada@example.org") == account)
    }

    @Test("id, disabled and emailVerified come along; an id that is taken is refused")
    func members() async throws {
        let house = try House()
        let id = "0c3c1ff4-3a4c-4f9a-9d8f-0a1b2c3d4e5f"
        #expect(
            try outcome(
                #"{"email":"a@b.c","hash":"\#(Self.hash)","id":"\#(id)","disabled":true,"emailVerified":false,"roles":[]}"#,
                in: house) == .added)
        let account = try #require(try house.administration.find(id))
        #expect(account.isDisabled && !account.emailVerified && account.roles.isEmpty)
        #expect(await house.login("a@b.c", "password").refusal?.reason == .invalidCredentials)
        #expect(
            try outcome(#"{"email":"d@b.c","hash":"\#(Self.hash)","id":"\#(id)"}"#, in: house)
                == .refused("id belongs to another account"))
        #expect(try house.administration.find("d@b.c") == nil)
    }

    @Test(
        "a line that cannot be taken over says why, and nothing of it is stored",
        arguments: [
            ("{", "is not JSON"), ("[]", "is no JSON object"), ("{}", "email is required; hash is required"),
            (#"{"email":"a@b.c"}"#, "hash is required"), (#"{"email":1}"#, "email must be a string"),
            (#"{"email":"a","hash":"GOOD"}"#, "email is not an email address"),
            (#"{"email":"a@b.c","hash":"GOOD","role":"x"}"#, "`role` is none of the fields"),
            (#"{"email":"a@b.c","hash":"GOOD","email":"a@b.c"}"#, "is not JSON: the same member name twice"),
            (#"{"email":"a@b.c","hash":"GOOD","roles":"x"}"#, "roles must be a list of strings"),
            (#"{"email":"a@b.c","hash":"GOOD","roles":["a,b"]}"#, "roles must have 1 to 64"),
            (#"{"email":"a@b.c","hash":"GOOD","name":"a\u0000"}"#, "name must have 200 bytes or fewer"),
            (#"{"email":"a@b.c\u0000","hash":"GOOD"}"#, "email is not an email address"),
            (#"{"email":"a@b.c","hash":"GOOD","id":"1"}"#, "id is no UUID"),
            (#"{"email":"a@b.c","hash":"GOOD","id":"0C3C1FF4-3A4C-4F9A-9D8F-0A1B2C3D4E5F"}"#, "id is no UUID"),
            (#"{"email":"a@b.c","hash":"GOOD","disabled":"true"}"#, "disabled must be true or false"),
            (#"{"email":"a@b.c","hash":"$1$abc$BXBqpb9BZcZhXLgbee.0s/"}"#, "hash is of a scheme that is not taken"),
            (#"{"email":"a@b.c","hash":"$6$rounds=2000000$abc$x"}"#, "hash is no $6$ hash"),
        ])
    func refused(line: String, words: String) throws {
        let house = try House()
        let line = line.replacing("GOOD", with: Self.hash)
        guard case .refused(let why) = try outcome(line, in: house) else {
            Issue.record("taken: \(line)")
            return
        }
        #expect(why.contains(words), "\(why)")
        #expect(!why.contains("BoE1"), "a hash is quoted")
        #expect(try house.administration.list(after: nil, limit: 10).isEmpty)
    }

    @Test("CSV says the same, with its columns in any order")
    func csv() throws {
        let house = try House()
        let read = try lines(
            "name,hash,roles,email,disabled\r\n\"Lovelace, Ada\",\(Self.hash),admin user,ada@example.org,true\r\n"
                + ",\(Self.hash),,b@example.org,\r\nx,y\r\n,\(Self.hash),\",\",c@example.org,yes\r\n"
                + ",\(Self.hash),\",\",d@example.org,false\r\n", .csv)
        #expect(read.map(\.number) == [2, 3, 4, 5, 6])
        #expect(read[2].record == .failure(.init("has 2 fields, and the header 5")))
        #expect(read[3].record == .failure(.init("disabled must be true or false")))
        let records = read.compactMap { try? $0.record.get() }
        #expect(try house.administration.importUsers(records) == [.added, .added, .added])
        let accounts = try house.administration.list(after: nil, limit: 10)
        #expect(accounts.map(\.name) == ["Lovelace, Ada", nil, nil])
        #expect(accounts.map(\.roles) == [["admin", "user"], ["user"], []])
        #expect(accounts.map(\.isDisabled) == [true, false, false])
    }

    @Test(
        "a CSV file without a good header is refused as a whole",
        arguments: ["", "email\n", "email,hash,email\n", "email,hash,password\n", "a@b.c,x\n"])
    func header(text: String) {
        #expect(throws: UserRecord.Problem.self) { try UserFile(Array(text.utf8), format: .csv) }
    }
}
