import HTTP
import Reasons
import Testing

@testable import Gateway

@Suite struct BearerTokenTests {
    private func find(_ fields: String) throws -> String? {
        let sent = try SentRequest("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        guard case .token(let range) = try BearerToken.find(in: sent.head, sent.bytes.span) else { return nil }
        return String(decoding: sent.bytes[range], as: UTF8.self)
    }

    @Test("the scheme is compared without case", arguments: ["Bearer", "bearer", "BEARER"])
    func scheme(word: String) throws { #expect(try find("Authorization: \(word) abc\r\n") == "abc") }

    @Test("another scheme is no bearer token", arguments: ["Basic abc", "Bearerx abc", "Bear", "abc", ""])
    func others(value: String) throws { #expect(try find("Authorization: \(value)\r\n") == nil) }

    @Test("a scheme without a token is an attempt with an empty one")
    func empty() throws { #expect(try find("Authorization: Bearer\r\n") == "") }

    @Test("two tokens in one line are taken as one bad token, never as the first")
    func two() throws { #expect(try find("Authorization: Bearer a, Bearer b\r\n") == "a, Bearer b") }

    @Test("two Authorization lines are refused")
    func repeated() {
        #expect(throws: Reason.ambiguousCredentials) {
            try find("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n")
        }
    }
}
