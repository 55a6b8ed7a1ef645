import Config
import Foundation
import HTTP
import Policy
import Reasons
import Testing

/// The compiled routes against `NaiveTable`, a linear search written from the contract's words, on random tables and
/// requests. A failure names its seed: `GATEHOUSE_SEED=… swift test --filter NaiveTableTests` repeats it.
@Suite("The compiled routes against a naive reading of the contract")
struct NaiveTableTests {
    @Test("random tables and requests get the same decision from both") func randomPairs() throws {
        try RandomPairs.compare(8000, seed: RandomPairs.seed)
    }
}

@Suite(
    "Long: a million pairs of the compiled routes and a naive reading of the contract",
    .enabled(if: RandomPairs.isLongWanted, "Tests/Long/run"))
struct LongRouteTests {
    @Test("1,200,000 random pairs get the same decision from both", arguments: 1...8)
    func millionPairs(part: UInt64) throws {
        try RandomPairs.compare(RandomPairs.longCount / 8, seed: RandomPairs.seed &+ part)
    }
}

private enum RandomPairs {
    private static let environment = ProcessInfo.processInfo.environment
    static let isLongWanted = environment["GATEHOUSE_LONG"] != nil

    /// `GATEHOUSE_LONG=100` takes that many.
    static var longCount: Int {
        let wanted = environment["GATEHOUSE_LONG"].flatMap { Int($0) } ?? 1
        return wanted > 1 ? wanted : 1_200_000
    }

    static let seed = environment["GATEHOUSE_SEED"].flatMap { UInt64($0) } ?? 42

    static func compare(_ count: Int, seed: UInt64) throws {
        var tables = RandomTables(seed: seed)
        var tally: [String: Int] = [:]
        var (pairs, drawn, failures) = (0, 0, 0)
        while pairs < count, failures < 5 {
            let naive = tables.table()
            drawn += 1
            let (table, problems) = compile(naive.text)
            for problem in problems.all where problem.severity == .error {
                // Routes that differ in case only would be refused at every request; the comparison is as good on them.
                try #require(problem.message.contains("would be refused"), "\(problems.report())\n\(naive.text)")
            }
            for _ in 0..<100 {
                let request = tables.request(for: naive)
                let expected = naive.outcome(request)
                let (found, forwarded) = table.outcome(request)
                pairs += 1
                tally[expected.kind, default: 0] += 1
                let isSamePath = forwarded == nil || forwarded == NaivePath(request.path)?.forwarded
                guard found != expected || !isSamePath else { continue }
                failures += 1
                Issue.record(
                    "seed \(seed), pair \(pairs): \(request) is \(found), not \(expected), in\n\(naive.text)")
            }
        }
        print("naive routes: seed \(seed), \(pairs) pairs, \(drawn) tables, \(tally.sorted { $0.key < $1.key })")
        guard pairs >= 5000 else { return }
        // Otherwise agreement would mean little.
        for kind in ["let through", "own", "AMBIGUOUS_PATH", "NO_ROUTE", "FORBIDDEN", "CONDITION_NOT_MET"] {
            #expect(tally[kind, default: 0] * 200 > pairs, "\(kind) is too rare")
        }
    }
}

extension NaiveTable.Outcome {
    fileprivate var kind: String {
        switch self {
        case .own: "own"
        case .refused(let reason), .decided(_, .some(let reason)): reason.code
        case .decided(_, nil): "let through"
        }
    }
}

extension NaiveRequest: CustomStringConvertible {
    var description: String {
        "\(method) \(host) \(String(decoding: path, as: UTF8.self))\(query.text) roles \(roles ?? ["(nobody)"]) "
            + "claims \(claims) from \(address?.text ?? "?") fields \(fields.all) minute \(minute.map { "\($0)" } ?? "?")"
    }
}

extension RouteTable {
    /// The decision of the compiled table, by the functions that serve requests, and the path that the backend gets.
    fileprivate func outcome(_ request: NaiveRequest) -> (NaiveTable.Outcome, forwarded: [UInt8]?) {
        var question = Question(
            method: request.method, path: String(decoding: request.path, as: UTF8.self) + request.query.text)
        question.host = request.host
        question.roles = request.roles
        question.claims = request.claims
        question.address = request.address?.bytes
        question.fields = request.fields.all
        question.unixSeconds = request.minute.map { Int64($0) * 60 }
        let answer = answer(to: question)
        let forwarded = answer.route == nil ? nil : answer.path?.bytes
        if answer.isOwn { return (.own, forwarded) }
        if let route = answer.route { return (.decided(by: route.place.line - 8, answer.reason), forwarded) }
        return (.refused(answer.reason ?? .internalError), forwarded)
    }
}
