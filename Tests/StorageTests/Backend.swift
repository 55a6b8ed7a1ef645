import Foundation
import Testing

@testable import Storage

/// The databases that the contract is tried on.
enum Backend: String, CaseIterable, CustomTestStringConvertible {
    case sqlite
    case postgres

    var testDescription: String { rawValue }

    /// An empty database of its own.
    func makeLocation() throws -> Store.Location {
        switch self {
        case .sqlite:
            .sqlite(path: try makeFolder() + "/gatehouse.db")
        case .postgres:
            .postgres(url: try PostgresServer.shared.get().url(PostgresServer.shared.get().makeDatabase()))
        }
    }

    func open() throws -> Store {
        try Store.open(makeLocation())
    }
}

extension Store {
    /// Most of what is tried here has nothing to do with the audit's chain.
    static func open(_ location: Location, schema: SchemaPolicy = .migrate) throws(StorageError) -> Store {
        try open(location, schema: schema, sealing: Unsealed())
    }
}

/// A folder under the temporary one; removed with everything in it when the tests end.
func makeFolder() throws -> String {
    let folder = Folders.root.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
}

private enum Folders {
    static let root: URL = {
        atexit { try? FileManager.default.removeItem(at: Folders.root) }
        return FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-storage-\(getpid())")
    }()
}

/// Runs `body` on so many threads at once, for real: what they return, or the first error.
func onThreads<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Value) throws -> [Value] {
    let results = Results<Value>()
    let gate = DispatchSemaphore(value: 0)
    let done = DispatchGroup()
    for index in 0..<count {
        done.enter()
        Thread {
            gate.wait()
            results.add(Result { try body(index) })
            done.leave()
        }.start()
    }
    for _ in 0..<count { gate.signal() }
    done.wait()
    return try results.all().map { try $0.get() }
}

private final class Results<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Result<Value, any Error>] = []

    func add(_ value: Result<Value, any Error>) { lock.withLock { values.append(value) } }
    func all() -> [Result<Value, any Error>] { lock.withLock { values } }
}

/// What a store says when it cannot do what `body` wants.
func refusal<Value>(_ body: () throws -> Value) -> StorageError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? StorageError
    }
}

extension StorageError {
    var isUnavailable: Bool {
        if case .unavailable = self { true } else { false }
    }
}

extension Transaction {
    /// A user whose parts do not matter; its id is its name.
    func makeUser(_ name: String, roles: [String] = ["user"]) throws -> User {
        try insertUser(
            id: name, email: "\(name)@example.org", emailVerified: false, name: nil, passwordHash: "$2b$", roles: roles)
    }

    func makeSession(_ id: String, of user: String, idle: Int64 = 60_000, absolute: Int64 = 600_000) throws -> Session {
        try insertSession(
            id: id, userId: user, idleMilliseconds: idle, absoluteMilliseconds: absolute, ip: "192.0.2.1",
            userAgent: "test")
    }

    func count(_ table: String) throws -> Int64 {
        var row = try #require(try row("SELECT count(*) FROM \(table)"))
        return try row.integer()
    }
}

/// A token hash of 32 bytes.
func hash(_ seed: Int) -> [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: seed &* 31 &+ $0) }
}
