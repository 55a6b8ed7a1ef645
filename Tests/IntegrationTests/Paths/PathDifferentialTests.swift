import Foundation
import Testing

/// One path, one reading: whatever a backend makes of the bytes that it is forwarded lies in the region whose rule has
/// let them through. Raw targets are generated; the readers are Node's and Python's libraries, nginx and Apache.
@Suite(
    "Paths as other programs read them",
    .enabled(if: PathServers.missing.isEmpty, "not installed: \(PathServers.missing); deploy/test installs them"))
struct PathDifferentialTests {
    @Test("no reader finds a forwarded path where another rule would have decided")
    func sameRegion() throws {
        try PathComparison(seed: 7, targets: 5000).expectAgreement()
    }

    @Test("the comparison would see a gateway that lets everything through")
    func wouldBeSeen() throws {
        let targets = ["/public/../admin/x", "/x//admin", "//a/admin/x", "/public;/../admin", "/%61dmin/x", "/ADMIN/x"]
            .map { Array($0.utf8) }
        let disagreeing = try PathComparison.readings(of: targets).map { readings in
            readings.contains { $0.isAgainst(region: "/public", foldsCase: true) && Region.folded($0.path) == "/admin" }
        }
        #expect(disagreeing == [true, false, true, true, true, true])
    }
}

@Suite(
    "Long: paths as other programs read them",
    .enabled(if: Long.isWanted, "Tests/Long/run"),
    .enabled(if: PathServers.missing.isEmpty, "not installed: \(PathServers.missing); deploy/test installs them"))
struct LongPathTests {
    @Test("no reader of 400,000 targets finds a forwarded path where another rule would have decided")
    func sameRegion() throws {
        // In parts, so that what is read fits into memory.
        for part in 0..<20 {
            try PathComparison(seed: 1000 + UInt64(part), targets: Long.count(400_000) / 20).expectAgreement()
        }
    }
}

/// Targets that some rules let through, and all readings of what they forward.
private struct PathComparison {
    private let seed: UInt64
    private let targetCount: Int
    private let rules: [PathRules]
    /// By the bytes that are forwarded: which rules forward them, and by the route of which region.
    private var forwarded: [[UInt8]: Set<Verdict>] = [:]

    private struct Verdict: Hashable {
        let rules: Int
        let region: String
    }

    init(seed: UInt64, targets count: Int) throws {
        self.seed = ProcessInfo.processInfo.environment["GATEHOUSE_SEED"].flatMap { UInt64($0) } ?? seed
        rules = try PathRules.all()
        var corpus = TargetCorpus(seed: self.seed)
        let targets = Set((0..<count).map { _ in corpus.next() })
        targetCount = targets.count
        for target in targets {
            for (index, rules) in rules.enumerated() {
                guard let (region, bytes) = rules.judge(target) else { continue }
                forwarded[bytes, default: []].insert(Verdict(rules: index, region: region))
            }
        }
    }

    func expectAgreement() throws {
        let targets = Array(forwarded.keys)
        let readings = try Self.readings(of: targets)
        var (compared, found) = (0, 0)
        for (target, readings) in zip(targets, readings) {
            for verdict in forwarded[target, default: []] {
                let rules = rules[verdict.rules]
                for reading in readings where rules.concerns(reading) {
                    compared += 1
                    guard reading.isAgainst(region: verdict.region, foldsCase: rules.foldsCase) else { continue }
                    found += 1
                    if found <= 20 {
                        Issue.record(
                            "seed \(seed): \(target.text) is forwarded by the rule of \(verdict.region), accepting \(rules.accepts); \(reading.reader) reads \(reading.path.text.debugDescription)\(reading.region.map { " by its section \($0)" } ?? "")"
                        )
                    }
                }
            }
        }
        print(
            "path differential: seed \(seed), \(targetCount) targets, \(targets.count) forwarded, \(compared) readings compared, \(found) differ"
        )
        // Otherwise agreement would mean little.
        #expect(targets.count * 20 > targetCount)
    }

    /// What every reader makes of each target.
    static func readings(of targets: [[UInt8]]) throws -> [[PathReading]] {
        let servers = try PathServers()
        defer { servers.stop() }
        var readings = zip(try PathPrograms.node(targets), try PathPrograms.python(targets)).map(+)
        for (name, address) in servers.addresses {
            for (index, reading) in try PathServers.read(targets, name, address).enumerated() {
                if let reading { readings[index].append(reading) }
            }
        }
        return readings
    }
}

extension PathReading {
    /// Whether a backend that reads this would have looked for another rule than that of the region.
    fileprivate func isAgainst(region: String, foldsCase: Bool) -> Bool {
        Region.of(path) != region || foldsCase && Region.folded(path) != region
            || self.region.map { $0 != region } ?? false
    }
}
