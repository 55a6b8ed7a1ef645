import Foundation
import Testing

/// System clocks that jump under a running gateway.
@Suite("X: clocks that jump", .serialized, .enabled(if: FalseClock.isThere, "faketime is not installed"))
struct ClockTests {
    @Test(
        "set forward and put right again: what expired stays expired, what was revoked stays revoked, nobody is locked out"
    )
    func forwardAndBack() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let clock = try FalseClock()
        let gateway = try Gateway(Configuration.standard(backend).onSQLite(), environment: clock.environment)
        let person = try gateway.register()
        let gone = try gateway.register()
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).status == 200)
        #expect(try gateway.send(.logout(gone.refresh)).status == 200)

        try clock.set("+20m")
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_EXPIRED")
        _ = try gateway.errors.waitFor("the system clock jumped forward by")
        let later = try gateway.refresh(person)
        #expect(try gateway.send(.get("/api/x").bearer(later.access)).status == 200)

        try clock.set("+0")
        #expect(try gateway.send(.get("/api/x").bearer(person.access)).code == "TOKEN_EXPIRED")
        _ = try gateway.errors.waitFor("the system clock was set back by")
        for holder in [gone, later] {
            let expected = holder.id == later.id ? 200 : 401
            #expect(try gateway.send(.get("/api/x").bearer(holder.access)).status == expected)
        }
        let last = try gateway.refresh(later)
        #expect(try gateway.send(.get("/api/x").bearer(last.access)).status == 200)
        #expect(try gateway.send(.get("/api/x").bearer(gateway.login(person).access)).status == 200)
        try gateway.stop()
    }

    @Test("a week and a day ahead by mistake: nobody can refresh meanwhile, and everybody behind it")
    func farAhead() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let clock = try FalseClock()
        let gateway = try Gateway(Configuration.standard(backend).onSQLite(), environment: clock.environment)
        let person = try gateway.register()
        try clock.set("+8d")
        #expect(try gateway.send(.refresh(person.refresh)).code == "REFRESH_TOKEN_EXPIRED")
        try clock.set("+0")
        let back = try gateway.refresh(person)
        #expect(try gateway.send(.get("/api/x").bearer(back.access)).status == 200)
        try gateway.stop()
    }

    @Test("set back: no expired token lives again, no spent one, no revoked one, also behind a restart")
    func backward() throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let clock = try FalseClock()
        var gateway = try Gateway(Configuration.standard(backend).onSQLite(), environment: clock.environment)
        let expired = Forge.token(Forge.claims().with("exp", "\(Int(Date().timeIntervalSince1970) - 5)"))
        #expect(try gateway.send(.get("/api/x").bearer(expired)).code == "TOKEN_EXPIRED")
        let gone = try gateway.register()
        #expect(try gateway.send(.logout(gone.refresh)).status == 200)
        let person = try gateway.register()
        let next = try gateway.refresh(person)

        try clock.set("-1h")
        #expect(try gateway.send(.get("/api/x").bearer(expired)).code == "TOKEN_EXPIRED")
        #expect(try gateway.send(.get("/api/x").bearer(gone.access)).code == "TOKEN_REVOKED")
        #expect(try gateway.send(.get("/api/x").bearer(next.access)).status == 200)
        let other = try gateway.refresh(gateway.login(person))
        #expect(try gateway.send(.get("/api/x").bearer(other.access)).status == 200)
        #expect(try gateway.send(.refresh(person.refresh)).code == "REFRESH_TOKEN_REUSED", "its grace does not grow")
        #expect(try gateway.send(.get("/api/x").bearer(next.access)).code == "TOKEN_REVOKED")

        try gateway.stop()
        gateway = try Gateway(
            Configuration.standard(backend).onSQLite(), in: gateway.folder, environment: clock.environment)
        for holder in [gone, next] {
            #expect(try gateway.send(.get("/api/x").bearer(holder.access)).code == "TOKEN_REVOKED")
            #expect(try gateway.send(.refresh(holder.refresh)).status == 401)
        }
        try gateway.stop()
    }
}

/// A system clock that a test sets, for one process; the clocks that nobody sets go on.
struct FalseClock {
    private static let library: String? = {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        return folders.map { "/usr/lib/\($0)/faketime/libfaketimeMT.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()
    static let isThere = library != nil

    private let folder: TemporaryFolder
    let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder("clock")
        environment = [
            "LD_PRELOAD": Self.library ?? "", "FAKETIME_TIMESTAMP_FILE": folder.file("offset"),
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        ]
        try set("+0")
    }

    /// Sets it to now and so much: `+20m`, `-1h`.
    func set(_ offset: String) throws {
        try Data(offset.utf8).write(to: URL(fileURLWithPath: folder.file("offset")), options: .atomic)
    }
}
