import Foundation
import Testing

/// A gateway in front of a recording backend, shared by the cases of one suite.
final class Stage: Sendable {
    let backend: RecordingBackend
    let gateway: Gateway

    @TaskLocal private static var shared: Stage?

    /// The stage of the suite that the running test belongs to.
    static var current: Stage {
        get throws {
            guard let shared else { throw Failure("the suite has no stage") }
            return shared
        }
    }

    init(_ configuration: (RecordingBackend) throws -> Configuration) throws {
        backend = try RecordingBackend()
        gateway = try Gateway(configuration(backend))
    }

    /// Stops both; then nothing may have reached the backend, in the whole suite, that breaks an invariant, and every
    /// line of the access log is JSON.
    func end() throws {
        let ending = Result { try gateway.stop() }
        backend.stop()
        for request in backend.requests() {
            #expect(request.violations.isEmpty, "\(request.violations): \(request.bytes.prefix(2000).map { $0 }.text)")
            #expect(!request.target.contains("SMUGGLED"), "\(request.bytes.text)")
        }
        if gateway.configuration.accessLog == "stdout" {
            for line in gateway.accessLog.all {
                #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any], "\(line)")
            }
        }
        try ending.get()
    }

    static func withShared<T>(_ stage: Stage, _ body: () async throws -> T) async throws -> T {
        try await $shared.withValue(stage, operation: body)
    }
}

// MARK: Observing

extension Stage {
    /// Runs `body`, has the gateway answer a good request after it, and returns what else the backend has received.
    func observe(_ body: () throws -> Void) throws -> [RecordedRequest] {
        let mark = backend.mark
        try body()
        let alive = try expectAlive()
        try backend.waitUntilQuiet()
        return backend.requests(since: mark).filter { $0.target != alive }
    }

    /// Sends one call; answers what came back and what the backend received because of it.
    func exchange(_ call: Call) throws -> (answer: WireResponse, seen: [RecordedRequest]) {
        var answer = WireResponse()
        let seen = try observe { answer = try gateway.send(call) }
        return (answer, seen)
    }

    /// The gateway still answers: a good request goes through to the backend and back.
    ///
    /// - Returns: the target it asked for, so that the caller can tell it from others.
    @discardableResult
    func expectAlive() throws -> String {
        let target = "/public/alive/\(Counter.next())"
        let mark = backend.mark
        let answer = try gateway.send(.get(target))
        guard answer.status == 200, answer.body.contains("GET \(target)\n") else {
            throw Failure("the gateway no longer answers as it should: \(answer.summary)")
        }
        guard backend.requests(since: mark).contains(where: { $0.target == target }) else {
            throw Failure("the backend has not seen \(target)")
        }
        return target
    }
}

/// Numbers that no two requests of a run share.
enum Counter {
    private static let box = Box(0)

    static func next() -> Int {
        box.change { value in
            value += 1
            return value
        }
    }
}

// MARK: One stage a suite

/// `@Suite(.serialized, .stage { … })`: the suite's cases share one gateway, started before the first and stopped,
/// with its exit code looked at, after the last.
struct StageTrait: SuiteTrait, TestScoping {
    let make: @Sendable () throws -> Stage

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let stage = try make()
        try await Stage.withShared(stage) { try await function() }
        try stage.end()
    }
}

extension Trait where Self == StageTrait {
    static func stage(_ configuration: @escaping @Sendable (RecordingBackend) throws -> Configuration) -> Self {
        StageTrait { try Stage(configuration) }
    }

    /// The routes of `Configuration.standard`.
    static var standardStage: Self { stage { .standard($0) } }
}
