import Foundation
import Testing

@testable import Telemetry

@Suite("A line of the access log")
struct AccessLogLineTests {
    static func line(_ change: (inout AccessLogLine) -> Void = { _ in }) -> AccessLogLine {
        var line = AccessLogLine()
        line.unixMilliseconds = 1_767_225_599_042
        line.requestID = (0x0123_4567_89ab_cdef, 0x0123_4567_89ab_cdef)
        line.client = "192.0.2.7"
        change(&line)
        return line
    }

    static func text(_ line: borrowing AccessLogLine, _ format: AccessLogFormat) -> String {
        var bytes: [UInt8] = []
        line.append(to: &bytes, format: format, LogClock())
        return String(decoding: bytes, as: UTF8.self)
    }

    static func members(_ line: borrowing AccessLogLine) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text(line, .json).utf8))
        return try #require(object as? [String: Any])
    }

    static let names = [
        "time", "requestId", "client", "method", "path", "status", "code", "route", "decision", "user", "session",
        "upstream", "bytes", "durations",
    ]

    @Test("a full line holds every member as it was given")
    func full() throws {
        let line = Self.line {
            $0.method = Array("GET".utf8)
            $0.path = Array("/api/x".utf8)
            $0.status = 403
            $0.reason = .forbidden
            $0.route = "/api/*"
            $0.decision = .refused
            $0.bearer = LogBearer(user: "u-1", session: "s-1")
            $0.upstream = "127.0.0.1:9001"
            $0.bytesIn = 5
            $0.bytesOut = UInt64.max
            $0.totalMicroseconds = 12_007
            $0.upstreamMicroseconds = 900
        }
        #expect(
            Self.text(line, .json)
                == #"{"time":"2025-12-31T23:59:59.042Z","requestId":"01234567-89ab-4def-8123-456789abcdef","client":"192.0.2.7","method":"GET","#
                + #""path":"/api/x","status":403,"code":"FORBIDDEN","route":"/api/*","decision":"refused","user":"u-1","#
                + #""session":"s-1","upstream":"127.0.0.1:9001","bytes":{"in":5,"out":18446744073709551615},"#
                + #""durations":{"totalMs":12.007,"upstreamMs":0.900}}"# + "\n")
    }

    @Test("a line about nothing still has every member")
    func empty() throws {
        let members = try Self.members(Self.line())
        #expect(Set(members.keys) == Set(Self.names))
        #expect(members["user"] is NSNull)
    }

    @Test(
        "whatever a client sends stays inside its member and inside its line",
        arguments: [
            #"/a","user":"admin"#, "/a\n{\"forged\":1}", "/a\r\n", "/\u{1B}[2J\u{9B}31m", "/\u{202E}txt.exe", "/\\",
            "/\u{0}",
            "/é\u{1F600}",
        ])
    func injection(path: String) throws {
        let line = Self.line {
            $0.path = Array(path.utf8)
            $0.userAgent = Array(path.utf8)
        }
        let members = try Self.members(line)
        #expect(members["path"] as? String == path)
        #expect(members["user"] is NSNull)
        for format in [AccessLogFormat.json, .combined] {
            let text = Self.text(line, format)
            #expect(text.utf8.dropLast().allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "\(text)")
        }
    }

    @Test(
        "bytes that are not UTF-8 become the replacement character, and what follows them is kept",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE2, 0x28], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80],
            [0x80], [0xC3],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) throws {
        let path = try #require(Self.members(Self.line { $0.path = bytes + [UInt8(ascii: "Z")] })["path"] as? String)
        #expect(path == String(decoding: bytes + [UInt8(ascii: "Z")], as: UTF8.self))
        #expect(path.first == "\u{FFFD}")
    }

    @Test("no query value reaches the log, neither by the path nor by the referer")
    func queries() {
        let line = Self.line {
            $0.path = Array("/a?token=hunter2".utf8)
            $0.referer = Array("https://app.example/reset?token=hunter2#hunter2".utf8)
        }
        for format in [AccessLogFormat.json, .combined] {
            #expect(!Self.text(line, format).contains("hunter2"))
        }
        #expect(Self.text(line, .combined).contains("\"https://app.example/reset\""))
    }

    @Test("the combined format is the one of Apache and nginx")
    func combined() {
        let line = Self.line {
            $0.method = Array("POST".utf8)
            $0.path = Array("/x".utf8)
            $0.status = 201
            $0.bearer = LogBearer(user: "a b\"c", session: nil)
            $0.bytesOut = 17
            $0.userAgent = Array("curl/8 \"x\"\\".utf8)
        }
        #expect(
            Self.text(line, .combined)
                == #"192.0.2.7 - a\x20b\x22c [31/Dec/2025:23:59:59 +0000] "POST /x HTTP/1.1" 201 17 "-" "curl/8 \x22x\x22\x5c""#
                + "\n")
    }

    @Test("times of both formats agree with the calendar, leap days included")
    func times() throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "dd/MMM/yyyy:HH:mm:ss Z"
        for day in stride(from: 0 as Int64, to: 80_000, by: 97) {
            let seconds = day * 86_399
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let line = Self.line { $0.unixMilliseconds = seconds * 1000 + 7 }
            #expect(Self.text(line, .combined).contains("[\(formatter.string(from: date))]"))
            #expect(Self.text(line, .json).contains("\(date.formatted(.iso8601).dropLast()).007Z"))
        }
    }

    @Test("a clock that is far off ends no process and breaks no line", arguments: [Int64.min, -1, .max])
    func clockFarOff(milliseconds: Int64) throws {
        let line = Self.line { $0.unixMilliseconds = milliseconds }
        #expect(try Self.members(line)["time"] is String)
        #expect(Self.text(line, .combined).hasSuffix("\n"))
    }
}
