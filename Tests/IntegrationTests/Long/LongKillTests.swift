import Testing

@Suite("Long: killed at each step", .serialized, .enabled(if: Long.isWanted, "Tests/Long/run"))
struct LongKillTests {
    @Test(
        "1,000 kills, each at a step of its own: nobody is logged out, nothing is doubled, no spent token lives again",
        .enabled(if: Tracer.canAttach, Tracer.isMissing), arguments: Database.allCases)
    func kills(database: Database) throws {
        let backend = try RecordingBackend()
        defer { backend.stop() }
        let sweep = try KillSweep(database, backend)
        let count = Long.count(1_000)
        var steps: Set<String> = []
        while sweep.kills < count {
            for story in KillSweep.Story.allCases where sweep.kills < count {
                let reached = try sweep.play(story)
                steps.formUnion(reached)
                Long.say("\(database), \(story): killed at \(reached.count) steps")
            }
            try sweep.playBehindAnswer()
        }
        Long.say("\(database): killed \(sweep.kills) times at \(steps.count) steps:")
        for step in steps.sorted() { Long.say("    \(step.prefix(100))") }
        try sweep.stop()
    }
}
