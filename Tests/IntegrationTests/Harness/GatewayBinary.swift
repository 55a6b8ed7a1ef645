import Foundation

/// The program under test.
enum GatewayBinary {
    /// `GATEHOUSE_BINARY`, or the release build, or the debug build: the first that exists.
    static func path() throws -> String {
        if let named = ProcessInfo.processInfo.environment["GATEHOUSE_BINARY"] {
            guard FileManager.default.isExecutableFile(atPath: named) else {
                throw Failure("GATEHOUSE_BINARY names no program: \(named)")
            }
            return URL(fileURLWithPath: named).path
        }
        for candidate in [".build-release/release/gatehouse", ".build/debug/gatehouse"] {
            let full = package.appendingPathComponent(candidate).path
            if FileManager.default.isExecutableFile(atPath: full) { return full }
        }
        throw Failure("no gatehouse binary: build it, or name one in GATEHOUSE_BINARY")
    }

    /// The folder with `Package.swift`: Tests/IntegrationTests/Harness lies three below it.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs a command of the program to its end.
    static func run(
        _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], input: String? = nil,
        by deadline: Deadline = .seconds(30)
    ) throws -> (ending: ChildProcess.Ending, output: String, errors: String) {
        try ChildProcess.run(
            [path()] + arguments, environment: environment, folder: folder.path, input: input, by: deadline)
    }
}
