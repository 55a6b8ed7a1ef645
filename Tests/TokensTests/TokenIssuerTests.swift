import Crypto
import Encoding
import Testing
import Tokens

@Suite("issuing tokens")
struct TokenIssuerTests {
    let subject = TokenSubject(
        userID: "3f0c", sessionID: "77aa", email: "a@example.com", emailVerified: false, name: "Zoë \"Z\" \u{1F600}",
        roles: ["user", "admin"])

    func issue(_ keys: KeyRing, _ subject: TokenSubject) throws -> IssuedToken {
        try TokenIssuer(keys: keys, issuer: Forge.issuer, audience: Forge.audience, lifetimeSeconds: 900)
            .issue(subject, tokenID: "jti-1", now: Forge.now)
    }

    @Test("what is issued verifies, and says what was meant", arguments: Algorithm.allCases)
    func roundTrip(algorithm: Algorithm) throws {
        let ring = try SampleKeys.ring(algorithm)
        let token = try issue(ring, subject)
        #expect(token.expiresAt == Forge.now + 900)
        let expected = Claims(
            issuer: Forge.issuer, subject: "3f0c", sessionID: "77aa", tokenID: "jti-1", email: "a@example.com",
            emailVerified: false, name: "Zoë \"Z\" \u{1F600}", roles: ["user", "admin"], issuedAt: Forge.now,
            expiresAt: Forge.now + 900)
        let verifier = TokenVerifier.sample(ring)
        #expect(verifier.verdict(Array(token.text.utf8)) == .good(expected))
        #expect(verifier.verdict(Array(token.text.utf8), now: Forge.now + 899).isGood)
        #expect(verifier.verdict(Array(token.text.utf8), now: Forge.now + 900) == .expired)
    }

    @Test("header and claims are exactly those that the contract names")
    func members() throws {
        let ring = try SampleKeys.ring(.es256, .hs256)
        let parts = try issue(ring, subject).text.split(separator: ".").map { decode(String($0)) }
        let header = try readJSON(parts[0])
        #expect(header.members?.map(\.key) == ["alg", "typ", "kid"])
        #expect(header["alg"]?.string == "ES256" && header["typ"]?.string == "JWT")
        #expect(header["kid"]?.string == ring.keys[0].id)
        let names = try readJSON(parts[1]).members?.map(\.key)
        #expect(names == ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "email", "email_verified", "name", "roles"])
    }

    @Test("a user without a name gets a token without one")
    func noName() throws {
        var nameless = subject
        nameless.name = nil
        let parts = try issue(SampleKeys.ring(.hs256), nameless).text.split(separator: ".").map { decode(String($0)) }
        #expect(try readJSON(parts[1])["name"] == nil)
    }

    @Test("a token that no gateway would take is not issued")
    func tooLong() throws {
        var busy = subject
        busy.roles = (0..<1000).map { "role-number-\($0)" }
        #expect {
            try issue(SampleKeys.ring(.hs256), busy)
        } throws: { error in
            if case .tokenTooLong(let bytes)? = error as? IssueProblem {
                bytes > TokenVerifier.tokenBytesMax
            } else {
                false
            }
        }
    }

    @Test("when keys rotate, tokens of the old key stay good and new ones are signed by the new key")
    func rotation() throws {
        let old = try SampleKeys.key(.hs256)
        let new = try TokenKey(secret: Secret(SampleKeys.otherSecret))
        let before = try issue(KeyRing([old]), subject)
        let rotated = try KeyRing([new, old])
        let after = try issue(rotated, subject)
        #expect(TokenVerifier.sample(rotated).verdict(Array(before.text.utf8)).isGood)
        #expect(TokenVerifier.sample(rotated).verdict(Array(after.text.utf8)).isGood)
        #expect(TokenVerifier.sample(try KeyRing([old])).verdict(Array(after.text.utf8)) == .invalid)
        #expect(TokenVerifier.sample(try KeyRing([new])).verdict(Array(before.text.utf8)) == .invalid)
    }
}
