import Testing

/// Words that have no place in the sources, and what stands there instead.
struct Ban: Sendable, CustomTestStringConvertible {
    let word: String
    /// What every line with the word has in it; the word itself unless said otherwise.
    var hint: String?
    let pattern: @Sendable () -> Regex<Substring>
    let instead: String
    /// Folders of Sources, or single files, where it may stand.
    var allowed: Set<String> = []

    var testDescription: String { word }

    static let hands: Set<String> = ["Bytes", "Crypto", "Storage", "Fetch", "EventLoop"]

    static let all: [Ban] = [
        Ban(
            word: "unsafe", pattern: { #/\bunsafe\b/# },
            instead: "keep pointers in Bytes, Crypto, Storage, Fetch and EventLoop, and hand out Span or [UInt8]",
            allowed: hands),
        Ban(
            word: "@unchecked Sendable", hint: "@unchecked", pattern: { #/@unchecked/# },
            instead: "an actor, a Mutex, or a struct of Sendable values; the event loop is the one exception",
            allowed: ["Sources/EventLoop/EventLoop.swift"]),
        Ban(
            word: "import Glibc", pattern: { #/^\s*(?:@\w+\s+)?import (?:Glibc|Darwin|Musl)\b/# },
            instead: "ask EventLoop (files, sockets, clocks), Crypto or Storage for it",
            allowed: ["Storage", "EventLoop", "Sources/gatehouse/ExitStatus.swift"]),
        Ban(
            word: "import Foundation", pattern: { #/^\s*(?:@\w+\s+)?import Foundation/# },
            instead: "Encoding for JSON, base64url, UUID and times; EventLoop for files; bytes for text"),
        Ban(
            word: "try!", pattern: { #/\btry!/# },
            instead: "do/catch, and an answer for the failure: a trap ends every connection of the process"),
        Ban(
            word: "as!", pattern: { #/\bas!/# },
            instead: "as? with an answer for nil: a trap ends every connection of the process"),
        Ban(
            word: "forced unwrapping", hint: "!", pattern: { #/[A-Za-z0-9_)\]]!(?!=)/# },
            instead: "guard let, or ?? with a value: a trap ends every connection of the process"),
        Ban(
            word: "fatalError(", hint: "(", pattern: { #/\b(?:fatalError|preconditionFailure)\(/# },
            instead: "a thrown error or a refusal with a Reason",
            // A digest cannot fail but for want of memory, and going on without one would skip a check. A ring that was
            // made and cannot be used would be a core that takes connections and never answers.
            allowed: [
                "Sources/Crypto/Digests.swift", "Sources/Crypto/HMACKey.swift", "Sources/EventLoop/EventLoop.swift",
            ]),
        Ban(
            word: "print(", hint: "(", pattern: { #/(?:^|[^\w.])(?:print|debugPrint|dump)\(/# },
            instead: "return a value, or report through the closure that was handed in; only gatehouse/ prints",
            allowed: ["gatehouse"]),
        Ban(
            word: "lowercased()", hint: "ed()", pattern: { #/\.(?:lowercased|uppercased|capitalized)\(\)/# },
            instead: "fold ASCII bytes: U+212A lowercased is k"),
        Ban(
            word: "Task.sleep", pattern: { #/\bTask\.sleep\b/# },
            instead: "EventLoop.sleep or a deadline: Task.sleep resumes on the global pool"),
        Ban(
            word: "SwiftNIO", hint: "import NIO", pattern: { #/^\s*(?:@\w+\s+)?import NIO/# },
            instead: "EventLoop: the loop is what this project exists for"),
    ]
}

@Suite("Bans")
struct BansTests {
    @Test("a banned word stands nowhere but where it may", arguments: Ban.all)
    func ban(_ ban: Ban) throws {
        let places = try Repository.swiftSources.get()
            .filter { !ban.allowed.contains($0.folder) && !ban.allowed.contains($0.path) }
            .flatMap { $0.places(of: ban.pattern(), hint: ban.hint ?? ban.word) }
        #expect(places.isEmpty, "`\(ban.word)` is banned there. Instead: \(ban.instead)")
    }

    @Test("there is one @unchecked Sendable, on the event loop")
    func oneUnchecked() throws {
        let places = try Repository.swiftSources.get().flatMap {
            $0.places(of: #/@unchecked Sendable/#, hint: "@unchecked")
        }
        #expect(places.count == 1, "Instead: an actor, a Mutex, or a struct of Sendable values. Found: \(places)")
    }

    @Test("every allowance of a ban is in use")
    func allowances() throws {
        let sources = try Repository.swiftSources.get()
        for ban in Ban.all {
            for place in ban.allowed {
                let isUsed = sources.contains {
                    ($0.folder == place || $0.path == place)
                        && !$0.places(of: ban.pattern(), hint: ban.hint ?? ban.word).isEmpty
                }
                #expect(isUsed, "nothing in \(place) needs to be allowed `\(ban.word)`: take it off the list")
            }
        }
    }

    @Test("nothing is left for later", arguments: ["TODO", "FIXME", "XXX"])
    func leftForLater(word: String) throws {
        let files =
            try Repository.swiftSources.get() + Repository.swiftTests.get().filter { $0.folder != "HouseTests" }
            + Repository.files(in: "Sources", "c", "h") + Repository.files(in: "docs", "md")
        let places = files.flatMap { file in
            file.lines.enumerated().filter { $0.element.split { !$0.isLetter }.contains(word[...]) }.map {
                "\(file.path):\($0.offset + 1)"
            }
        }
        #expect(places.isEmpty, "`\(word)`: do it now, or write an issue and say in the text what is not there")
    }

    @Test("tests wait for events; where there is none, a comment says why they sleep")
    func sleepingTests() throws {
        let pattern = #/\b(?:sleep|usleep|nanosleep)\(|\bTask\.sleep\b|Thread\.sleep/#
        let places = try Repository.swiftTests.get().flatMap { file in
            file.code.indices.filter { line in
                file.code[line].contains("leep") && file.code[line].contains(pattern)
                    && !file.lines[max(0, line - 4)...line].contains { $0.contains("//") }
            }.map { "\(file.path):\($0 + 1)" }
        }
        #expect(places.isEmpty, "Instead: a latch, a pipe, a readiness line; or the reason beside the call")
    }

    @Test("a file is one idea: none has more than 500 lines")
    func length() throws {
        let files =
            try Repository.swiftSources.get() + Repository.swiftTests.get() + Repository.files(in: "Sources", "c")
        let long = files.filter { $0.lines.count > 501 }.map { "\($0.path): \($0.lines.count - 1)" }
        #expect(long.isEmpty, "Instead: a second aspect goes to Type+Topic.swift")
    }

    @Test(
        "the stripper knows code from comments and literals",
        arguments: [
            ("a // try!", "a"), ("a /* try! /* x */ y */ b", "a b"), (#"f("try!") g"#, "f( ) g"),
            (##"f(#"try!" "#) g"##, "f( ) g"), (#"f("\(x("try!")) try!") g"#, "f( ) g"),
            ("f(\"\"\"\n try! \" \n\"\"\") g", "f( ) g"), (#"f("\"try!") g"#, "f( ) g"), ("try! x", "try! x"),
        ])
    func stripper(source: String, expected: String) {
        let words = SwiftCode.strip(source).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words == expected)
    }
}
