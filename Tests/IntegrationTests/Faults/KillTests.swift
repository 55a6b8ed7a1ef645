import Testing

/// Short forms of what `Tests/Long/run Kill` does a thousand times.
@Suite("Killed at each step", .serialized)
struct KillTests {
    @Test(
        "X-15 killed at any step of a refresh: the retry works, one head, no spent token lives again",
        .enabled(if: Tracer.canAttach, Tracer.isMissing), arguments: Database.allCases)
    func refresh(database: Database) throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let sweep = try KillSweep(database, backend)
        let steps = try sweep.play(.refresh, stride: database == .sqlite ? 4 : 3)
        switch database {
        case .sqlite:
            #expect(steps.prefix(3) == ["before the sync", "after the sync", "before the answer is sent"])
            #expect(steps.contains("before write 1") && steps.count > 6, "\(steps)")
        case .postgres:
            #expect(steps.prefix(3) == ["before COMMIT", "after COMMIT", "before BEGIN"])
            #expect(steps.count > 6, "\(steps)")
        }
        try sweep.playBehindAnswer()
        try sweep.stop()
    }

    @Test(
        "X-15 killed at any step of a logout, alone or against a refresh: an answered one holds, the retry of another does",
        .enabled(if: Tracer.canAttach, Tracer.isMissing), arguments: Database.allCases)
    func logout(database: Database) throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let sweep = try KillSweep(database, backend)
        let alone = try sweep.play(.logout, stride: 5)
        let racing = try sweep.play(.refreshAgainstLogout, stride: 7)
        #expect(alone.count > 4 && racing.count > 4, "\(alone), \(racing)")
        try sweep.stop()
    }
}
