import Foundation
import Testing

/// `user import` and `user export` with the real binary.
@Suite("Moving accounts", .serialized)
struct MovingTests {
    /// Of the word `password`.
    static let hash =
        "$6$BoE1BoE1BoE1BoE1"
        + "$oDhaCDy/HkFKlpjfQ/k80VZdambILbu8hb/DaIRUx60y9GIg4034vBTWf2ozjHQpfrBa2AplTih6yhjqAZ0E.1"

    static func lines(_ count: Int) -> String {
        (0..<count).map { #"{"email":"u\#($0)@example.org","hash":"\#(hash)","name":"User \#($0)"}"# + "\n" }.joined()
    }

    private func stage(_ database: Database) throws -> Stage {
        try Stage { backend in
            var configuration = Configuration.standard(backend)
            configuration.database = try database.directive()
            return configuration
        }
    }

    private func users(_ gateway: Gateway) throws -> [[String: Any]] {
        let list = try gateway.command("user", "list", "--json").output
        return (try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String: Any])?["users"] as? [[String: Any]]
            ?? []
    }

    @Test(
        "good lines are in, bad ones are told by number, and people log in while the gateway runs",
        arguments: Database.allCases)
    func story(database: Database) throws {
        let stage = try stage(database)
        let gateway = stage.gateway
        let bcrypt = "$2y$04$/uaF/uaF/uaF/uaF/uaF/uDoLTv0.GKuyIUIWMpfQvuOZKorP5RFK"
        try gateway.folder.write(
            "in.jsonl",
            Self.lines(3) + #"{"email":"old@example.org","hash":"$1$abc$BXBqpb9BZcZhXLgbee.0s/"}"# + "\n"
                + #"{"email":"b@example.org","hash":"\#(bcrypt)","roles":["admin"]}"# + "\nnonsense\n")
        let ran = try gateway.command("user", "import", "in.jsonl")
        #expect(ran.ending == .exit(1))
        #expect(ran.output == "added 4, there already 0, refused 2")
        let told = ran.errors.split(separator: "\n")
        #expect(told.count == 2)
        #expect(told[0].hasPrefix("in.jsonl:4: hash is of a scheme"))
        #expect(told[1].hasPrefix("in.jsonl:6: is not JSON"))
        #expect(!ran.errors.contains("abc$"), "no hash is quoted")
        for (email, roles) in [("u1@example.org", ["user"]), ("b@example.org", ["admin"])] {
            #expect(try gateway.send(.login(email, "passwore")).status == 401)
            let answer = try gateway.send(.login(email, "password"))
            #expect(answer.status == 200, "\(answer.summary)")
            let user = answer.json["user"] as? [String: Any]
            #expect(user?["roles"] as? [String] == roles)
            #expect(user?["emailVerified"] as? Bool == true)
        }
        let again = try gateway.command("user", "import", "in.jsonl", "--json")
        #expect(again.output == "{\"added\":0,\"existing\":4,\"refused\":2}")
        try stage.end()
    }

    @Test(
        "what one gateway exports another takes in, ids and all, and exports alike",
        arguments: Database.allCases, ["out.jsonl", "out.csv"])
    func roundTrip(database: Database, file: String) throws {
        let (old, new) = (try stage(.sqlite), try stage(database))
        let person = try old.gateway.register()
        try old.gateway.setRoles(["admin", "user"], of: person)
        for (email, command) in [("off@example.org", "disable"), ("none@example.org", "roles --none")] {
            _ = try old.gateway.register(Person(email: email))
            #expect(
                try GatewayBinary.run(
                    ["user"] + command.split(separator: " ").map(String.init) + [email, "-c", "gateway.conf"],
                    in: old.gateway.folder
                ).ending == .exit(0))
        }
        _ = try old.gateway.send(
            .post("/api/auth/register").json([
                "email": "q@example.org", "password": Person.goodPassword, "name": "A \"quoted\", name",
            ]))
        #expect(try old.gateway.command("user", "export", file).ending == .exit(0))
        let path = old.gateway.folder.file(file)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try old.gateway.command("user", "export", file).ending == .exit(1), "never overwritten")
        #expect(try new.gateway.command("user", "import", path).output == "added 4, there already 0, refused 0")
        func comparable(_ gateway: Gateway) throws -> [NSDictionary] {
            try users(gateway).map {
                NSDictionary(dictionary: $0.filter { !["createdAt", "emailVerified"].contains($0.key) })
            }
        }
        #expect(try comparable(old.gateway) == comparable(new.gateway))
        #expect(
            try users(new.gateway).map { $0["emailVerified"] as? Bool }
                == users(old.gateway).map { $0["emailVerified"] as? Bool })
        let there = try new.gateway.login(person)
        #expect(there.id == person.id)
        try old.end()
        try new.end()
    }

    @Test("an import that was killed is run again, and nobody is missing or there twice", arguments: Database.allCases)
    func killed(database: Database) throws {
        let stage = try stage(database)
        let gateway = stage.gateway
        let count = 3_000
        try gateway.folder.write("in.jsonl", Self.lines(count))
        let importing = try ChildProcess(
            [try GatewayBinary.path(), "user", "import", "in.jsonl", "-c", "gateway.conf"], folder: gateway.folder.path)
        try until("some are in") { try gateway.send(.login("u0@example.org", "password")).status == 200 }
        importing.signal(SIGKILL)
        _ = try importing.waitForEnd()
        let there = try users(gateway).count
        let ran = try gateway.command("user", "import", "in.jsonl", "--json")
        #expect(ran.output == "{\"added\":\(count - there),\"existing\":\(there),\"refused\":0}")
        #expect(try users(gateway).count == count)
        #expect(try gateway.send(.login("u\(count - 1)@example.org", "password")).status == 200)
        try stage.end()
    }

    @Test("on a terminal there is a bar, elsewhere none; standard input and wrong files are understood")
    func terminal() throws {
        let stage = try stage(.sqlite)
        let gateway = stage.gateway
        try gateway.folder.write("in.jsonl", Self.lines(1_000))
        let binary = try GatewayBinary.path()
        let watched = try ChildProcess.run(
            ["/usr/bin/script", "-qec", "\(binary) user import in.jsonl -c gateway.conf", "/dev/null"],
            folder: gateway.folder.path, by: .seconds(60))
        #expect(watched.ending == .exit(0))
        #expect(watched.output.contains("[##############################] 100 %  1000 added"), "\(watched.output)")
        #expect(watched.output.contains("added 1000, there already 0, refused 0"))
        let piped = try gateway.command(
            "user", "import", "-", "--format", "csv", input: "email,hash\nx@y.z,\(Self.hash)\n")
        #expect(piped.ending == .exit(0) && piped.errors.isEmpty)
        #expect(piped.output == "added 1, there already 0, refused 0")
        let none = try gateway.command("user", "import", "nothing.csv")
        #expect(none.ending == .exit(1) && none.errors.contains("nothing.csv"))
        #expect(try gateway.command("user", "import", "-", "--format", "xml", input: "").ending == .exit(2))
        let header = try gateway.command("user", "import", "-", "--format", "csv", input: "email,passwd\n")
        #expect(header.ending == .exit(1) && header.errors.contains("-:1: `passwd` is none of the fields"))
        try stage.end()
    }
}
