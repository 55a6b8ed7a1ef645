// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house and the arrows between them. Dependencies point one way: a room may import only what is named
// here, and CI builds with `--explicit-target-dependency-import-check error`. `docs/decisions/0001-rooms.md` says why.

/// Every Swift target is held to the same rules.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
]

/// Files named in `embedding` become bytes of the program: it stays one binary.
func room(_ name: String, _ arrows: [Target.Dependency] = [], embedding files: [String] = []) -> Target {
    .target(
        name: name, dependencies: arrows, resources: files.map { .embedInCode($0) }, swiftSettings: strict)
}

func tests(_ name: String, _ arrows: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(name: name, dependencies: arrows, exclude: data, swiftSettings: [.swiftLanguageMode(.v6)])
}

/// libFuzzer targets. They link only with `--sanitize fuzzer`, so they exist only for `Fuzz/run`.
let fuzzers: [Target] =
    Context.environment["GATEHOUSE_FUZZ"] == nil
    ? []
    : ["Heads", "Chunks", "Paths", "Tokens", "Configurations", "NetHolds"].map { name in
        .executableTarget(
            name: "Fuzz\(name)", dependencies: ["FuzzChecks"], path: "Fuzz/Targets/Fuzz\(name)",
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
    }

/// Measures code in itself; `Benchmarks/verification` builds it.
let benchmarks: [Target] =
    Context.environment["GATEHOUSE_BENCHMARKS"] == nil
    ? []
    : [
        .executableTarget(
            name: "Verification", dependencies: ["Tokens", "Crypto"], path: "Benchmarks/Verification",
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.linkedLibrary("m")])
    ]

let package = Package(
    name: "gatehouse",
    products: [.executable(name: "gatehouse", targets: ["gatehouse"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Shims and system libraries, nothing else.
        .target(name: "CLinux", linkerSettings: [.linkedLibrary("uring")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CCrypt", linkerSettings: [.linkedLibrary("crypt")]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CZxcvbn", linkerSettings: [.linkedLibrary("zxcvbn")]),

        // Memory copied in one piece, for those below that write heads and lines.
        room("Bytes"),

        // Pure: no clock, no descriptor, no C, no `unsafe`.
        room("Encoding", ["Bytes"]),
        room("Reasons"),
        room("HTTP", ["Bytes", "Encoding", "Reasons"]),
        room("Config"),
        room("Policy", ["Config", "HTTP", "Reasons"]),

        // Hands: the only rooms that touch C.
        room("Crypto", ["COpenSSL", "CCrypt", "CZxcvbn"]),
        room("Storage", ["CSQLite", "CPostgres"]),
        room("Fetch", ["CCurl"]),
        .target(
            name: "EventLoop", dependencies: ["CLinux"],
            // `Buffer.readable` returns a span that borrows the buffer: the checked currency of pure code.
            swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),

        // Movement.
        room("Tokens", ["Crypto", "Encoding", "Reasons"]),
        room("Accounts", ["Storage", "Tokens", "Crypto", "Encoding", "Reasons"]),
        room("Telemetry", ["Bytes", "EventLoop", "Encoding", "Reasons"]),
        room(
            "Gateway",
            [
                "HTTP", "Config", "Policy", "Tokens", "Accounts", "EventLoop", "Crypto", "Telemetry", "Encoding",
                "Reasons", "Fetch", "Bytes",
            ],
            embedding: ["openapi.json", "client.js", "client.d.ts"].map { "Auth/Site/\($0)" }),
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "Gateway", "Accounts", "Storage", "Tokens", "Policy", "Config", "HTTP", "Crypto", "EventLoop",
                "Telemetry", "Encoding", "Reasons", "Bytes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // One test target a room; IntegrationTests drives the real binary.
        .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: [.swiftLanguageMode(.v6)]),
        .target(name: "TestVectors", path: "Tests/TestVectors", swiftSettings: [.swiftLanguageMode(.v6)]),
        tests("EncodingTests", ["Encoding", "TestVectors"]),
        tests("HTTPTests", ["HTTP", "Encoding", "Reasons"]),
        tests("ConfigTests", ["Config", "Policy", "HTTP", "Reasons", "TestRandom"], data: ["Golden"]),
        tests("PolicyTests", ["Policy", "Config", "HTTP", "Reasons", "TestRandom"]),
        tests("CryptoTests", ["Crypto", "Encoding", "TestVectors"]),
        tests("StorageTests", ["Storage"]),
        tests("EventLoopTests", ["EventLoop"]),
        tests("TokensTests", ["Tokens", "Crypto", "Encoding", "Reasons", "TestRandom", "TestVectors"]),
        tests("AccountsTests", ["Accounts", "Storage", "Tokens", "Crypto", "Encoding", "Reasons"]),
        tests("TelemetryTests", ["Telemetry", "EventLoop", "Encoding", "Reasons"]),
        tests(
            "GatewayTests",
            [
                "Gateway", "Policy", "Config", "HTTP", "Tokens", "Accounts", "Storage", "Telemetry", "Encoding",
                "Reasons",
                "TestRandom", "TestVectors",
            ]),
        tests("HouseTests", ["Reasons", "Config", "Storage"]),
        tests("IntegrationTests", ["Encoding", "Crypto", "Config", "Policy", "HTTP"]),

        // What the fuzzers check, and their corpora once more in every test run.
        .target(
            name: "FuzzChecks",
            dependencies: ["HTTP", "Config", "Policy", "Tokens", "Crypto", "Encoding", "Reasons"], path: "Fuzz/Checks",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        tests("FuzzCorpusTests", ["FuzzChecks"]),
    ] + fuzzers + benchmarks
)
