import Encoding
import Foundation
import Reasons
import Testing

@testable import Gateway

struct AuthRefusalTests {
    @Test("every refusal has the same shape, the security headers, and is not stored", arguments: Reason.allCases)
    func shape(reason: Reason) throws {
        let answer = ErrorAnswer(isHTTPS: true).make(reason, requestID: "r\"1")
        #expect(answer.status == reason.status)
        #expect(answer.reason == reason)
        let json = try #require(answer.json)
        #expect(json.members?.map(\.key) == ["error", "code", "requestId"])
        #expect(json["error"]?.string == reason.sentence)
        #expect(json["code"]?.string == reason.code)
        #expect(json["requestId"]?.string == "r\"1")
        #expect(answer.values("Cache-Control") == ["no-store"])
        #expect(answer.values("Content-Type") == ["application/json"])
        #expect(answer.values("X-Content-Type-Options") == ["nosniff"])
        #expect(answer.values("X-Frame-Options") == ["DENY"])
        #expect(answer.values("Referrer-Policy") == ["no-referrer"])
        #expect(answer.values("Strict-Transport-Security") == ["max-age=31536000"])
        #expect((answer.field("WWW-Authenticate") != nil) == (answer.status == 401))
        #expect((answer.field("Retry-After") != nil) == (answer.status == 503))
    }

    @Test("on http there is no Strict-Transport-Security, on refusals and successes alike")
    func plainHTTP() async throws {
        #expect(ErrorAnswer(isHTTPS: false).make(.noRoute, requestID: "1").field("Strict-Transport-Security") == nil)
        let plain = try await AuthHouse().register().answer
        #expect(plain.field("Strict-Transport-Security") == nil)
        #expect(plain.field("X-Frame-Options") == "DENY")
        let secure = try await AuthHouse(publicURL: "https://app.example").register().answer
        #expect(secure.field("Strict-Transport-Security") == "max-age=31536000")
    }

    @Test("error= stands only where an access token was sent")
    func challenges() {
        for reason in Reason.allCases where reason.status == 401 {
            let speaksOfToken = [.tokenInvalid, .tokenExpired, .tokenRevoked].contains(reason)
            let challenge = ErrorAnswer.challenge(reason) ?? ""
            #expect(challenge.hasPrefix("Bearer realm=\"gatehouse\""))
            #expect(challenge.contains("error=") == speaksOfToken)
        }
    }

    @Test("what goes into a field line is printable ASCII")
    func printable() {
        for reason in Reason.allCases {
            for field in ErrorAnswer(isHTTPS: true).make(reason, requestID: "1", retryAfterSeconds: 3).fields {
                let isPrintable = (field.name + field.value).utf8.allSatisfy { (0x20...0x7E).contains($0) }
                #expect(isPrintable)
            }
        }
    }

    @Test("docs/errors.md lists every code with its status, and none that does not exist")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/errors.md")
        var listed: [String: String] = [:]
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let code = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            #expect(listed[code] == nil, "\(code) stands there twice")
            #expect(cells.count == 4 && !cells[2].isEmpty && !cells[3].isEmpty, "\(code) lacks a word")
            listed[code] = cells[1]
        }
        let expected = Dictionary(uniqueKeysWithValues: Reason.allCases.map { ($0.code, "\($0.status)") })
        #expect(listed == expected)
    }
}
