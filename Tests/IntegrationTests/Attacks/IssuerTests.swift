import Crypto
import Foundation
import Testing

/// Another issuer: its site with a key set, and its private keys.
private final class Issuer: Sendable {
    let site: RecordingBackend
    let url: String
    let key: PrivateKey

    init(_ url: String) throws {
        self.url = url
        site = try RecordingBackend()
        key = try PrivateKey.generate(.p256)
        try publish([("k", key)])
    }

    func publish(_ keys: [(String, PrivateKey)]) throws { answer("200 OK", try keySet(keys)) }

    func keySet(_ keys: [(String, PrivateKey)]) throws -> String {
        let set = try keys.map { kid, key in
            guard case .p256(let x, let y) = key.publicKey.parameters else { throw Failure("not a P-256 key") }
            return #"{"kty":"EC","crv":"P-256","kid":"\#(kid)","x":"\#(Forge.encode(x))","y":"\#(Forge.encode(y))"}"#
        }
        return #"{"keys":[\#(set.joined(separator: ","))]}"#
    }

    func answer(_ status: String, _ body: String, field: String = "A: b") {
        site.on(
            "/keys",
            .rawThenClose("HTTP/1.1 \(status)\r\n\(field)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"))
    }

    /// Says nothing to the first who asks, and answers the others as before.
    func beSilentOnce(_ next: Script) {
        let count = Box(0)
        site.on(
            "/keys",
            Script { peer, request in
                let isFirst = count.change { value in
                    value += 1
                    return value == 1
                }
                return try (isFirst ? Script.silence : next).play(peer, &request)
            })
    }

    /// How often the key set was asked for.
    var fetches: Int { site.requests().count { $0.target == "/keys" } }

    func token(_ adjust: (inout Forge.Object) -> Void = { _ in }, kid: String = "k", key: PrivateKey? = nil) throws
        -> String
    {
        var claims = Forge.claims(user: "person", roles: ["admin", "Boss"]).with("iss", Forge.quoted(url))
        adjust(&claims)
        let header = Forge.header.with("alg", "\"ES256\"").with("kid", Forge.quoted(kid))
        let signed = Forge.encode(header.text) + "." + Forge.encode(claims.text)
        return signed + "." + Forge.encode(try (key ?? self.key).signature(over: Array(signed.utf8).span))
    }

    func directive(_ name: String, more: String = "") -> String {
        "issuer \(name) { url \(url); jwks http://\(site.address)/keys; audience \(Forge.audience); \(more) }"
    }
}

@Suite("Tokens of two other issuers", .serialized)
struct IssuerTests {
    private let backend: RecordingBackend
    private let left: Issuer
    private let right: Issuer

    init() throws {
        backend = try RecordingBackend()
        left = try Issuer("https://left.example")
        right = try Issuer("https://right.example")
    }

    private func gateway() throws -> Gateway {
        try Gateway(
            Configuration.standard(backend).with(
                left.directive("left", more: "roles map Boss admin"), right.directive("right")))
    }

    private func stop(_ gateway: Gateway) throws {
        try gateway.stop()
        for each in [backend, left.site, right.site] { each.stop() }
    }

    @Test("their users pass as NAME:sub, with the roles of the map, and are nobody at /api/auth")
    func users() throws {
        let gateway = try gateway()
        #expect(try gateway.send(.get("/admin/x").bearer(left.token())).status == 200)
        let seen = try #require(backend.requests().last)
        #expect(seen["X-User-Id"] == "left:person")
        #expect(seen["X-User-Roles"] == "admin")
        #expect(seen["X-Session-Id"] == nil)
        #expect(
            try gateway.send(.get("/admin/x").bearer(right.token())).status == 403, "a role called like ours is not")
        #expect(try gateway.send(.get("/api/x").bearer(right.token())).status == 200)
        #expect(backend.requests().last?["X-User-Id"] == "right:person")

        for call in [Call.get("/api/auth/me"), .get("/api/auth/sessions"), .post("/api/auth/logout-all")] {
            let answer = try gateway.send(call.bearer(left.token()))
            #expect(answer.status == 401)
            #expect(answer.code == "TOKEN_INVALID")
        }
        let ours = try gateway.register()
        let posing = try left.token({ $0["sub"] = Forge.quoted(ours.id) })
        #expect(try gateway.send(.get("/api/auth/me").bearer(posing)).status == 401)
        #expect(try gateway.send(.post("/api/auth/logout").bearer(posing)).status == 200)
        #expect(try gateway.send(.get("/api/auth/me").bearer(ours.access)).status == 200, "and ends nobody's session")
        try stop(gateway)
    }

    @Test("one kid in three key sets: each token is judged by the keys of the issuer that it names")
    func collisions() throws {
        let gateway = try gateway()
        let forged = [
            try left.token({ $0["iss"] = Forge.quoted(right.url) }),
            try right.token({ $0["iss"] = Forge.quoted(left.url) }),
            try left.token({ $0["iss"] = Forge.quoted(Forge.issuer) }),
            try left.token({ $0["iss"] = Forge.quoted(left.url + "/") }),
            try left.token({ $0["iss"] = nil }),
            try left.token({ $0["iss"] = "[\(Forge.quoted(left.url))]" }),
            // Our own secret, and the public key as a secret, in the name of the other issuer.
            Forge.token(Forge.claims().with("iss", Forge.quoted(left.url))),
            Forge.token(
                header: Forge.header.with("kid", "\"k\"").text,
                payload: Forge.claims().with("iss", Forge.quoted(left.url)).text, secret: try left.key.publicKey.pem()),
        ]
        let mark = backend.mark
        for token in forged {
            let answer = try gateway.send(.get("/api/x").bearer(token))
            #expect(answer.status == 401, "\(token)")
        }
        #expect(backend.requests(since: mark).isEmpty)
        try stop(gateway)
    }

    @Test("a key that is new at the issuer is found at once, and then the issuer is left alone for a minute")
    func rotation() throws {
        let gateway = try gateway()
        let fresh = try PrivateKey.generate(.p256)
        try left.publish([("k", left.key), ("new", fresh)])
        #expect(try gateway.send(.get("/api/x").bearer(left.token(kid: "new", key: fresh))).status == 401)
        #expect(try gateway.waitForStatus(200, of: .get("/api/x").bearer(left.token(kid: "new", key: fresh))) < 2)
        #expect(left.fetches == 2)
        for number in 0..<50 {
            #expect(try gateway.send(.get("/api/x").bearer(left.token(kid: "junk-\(number)"))).status == 401)
        }
        // Three polls of the gateway: nothing is to come, so there is no event to wait for.
        usleep(800_000)
        #expect(left.fetches == 2)
        #expect(right.fetches == 1)
        try stop(gateway)
    }

    @Test("a reload keeps what is known of an issuer, fetches the keys of a new one, and forgets one that is gone")
    func reload() throws {
        let bare = Configuration.standard(backend)
        let gateway = try Gateway(bare.with(left.directive("left")))
        func reload(_ lines: String...) throws {
            let mark = gateway.errors.mark
            var configuration = bare
            configuration.lines += lines
            try gateway.folder.write("gateway.conf", configuration.text)
            gateway.process.signal(SIGHUP)
            _ = try gateway.errors.waitFor("gatehouse: reloaded", after: mark)
        }
        let call = { (token: String) throws in try gateway.send(.get("/api/x").bearer(token)).status }
        #expect(try call(left.token()) == 200)
        #expect(try call(right.token()) == 401)
        try reload(right.directive("right"), left.directive("left"))
        #expect(try call(left.token()) == 200)
        #expect(try call(right.token()) == 200)
        #expect(left.fetches == 1)
        try reload(right.directive("right"))
        #expect(try call(left.token()) == 401)
        #expect(try call(right.token()) == 200)
        #expect(right.fetches == 1)
        try stop(gateway)
    }

    @Test("`where id is sub` opens nobody's path to another issuer's user of the same id")
    func parameters() throws {
        let gateway = try Gateway(
            Configuration.standard(backend).with(
                left.directive("left"), "route /users/{id}/* user where id is sub -> backend",
                "route /paying/* user not claim plan is free -> backend"))
        let ours = try gateway.register()
        #expect(try gateway.send(.get("/users/\(ours.id)/x").bearer(ours.access)).status == 200)
        let posing = try left.token({ $0["sub"] = Forge.quoted(ours.id) })
        #expect(try gateway.send(.get("/users/\(ours.id)/x").bearer(posing)).status == 403)
        #expect(try gateway.send(.get("/users/left:\(ours.id)/x").bearer(posing)).status == 200)
        #expect(try gateway.send(.get("/paying/x").bearer(ours.access)).status == 200)
        #expect(try gateway.send(.get("/paying/x").bearer(posing)).status == 403, "who knows what it means there")
        try stop(gateway)
    }

    @Test("a key that the issuer has taken out is not good any more, though its tokens are known")
    func removal() throws {
        let gateway = try gateway()
        let old = try left.token()
        #expect(try gateway.send(.get("/api/x").bearer(old)).status == 200)
        let fresh = try PrivateKey.generate(.p256)
        try left.publish([("new", fresh)])
        _ = try gateway.send(.get("/api/x").bearer(left.token(kid: "new", key: fresh)))
        #expect(try gateway.waitForStatus(401, of: .get("/api/x").bearer(old)) < 2)
        try stop(gateway)
    }

    @Test(
        "an answer that is no key set changes nothing",
        arguments: ["redirect", "failure", "page", "long", "hang up"])
    func badAnswers(kind: String) throws {
        let gateway = try gateway()
        let elsewhere = try RecordingBackend()
        switch kind {
        case "redirect": left.answer("302 Found", "", field: "Location: http://\(elsewhere.address)/keys")
        case "failure": left.answer("500 Oops", "{}")
        case "page": left.answer("200 OK", "<html>")
        case "long": left.answer("200 OK", String(repeating: " ", count: (1 << 20) + 1))
        default: left.site.on("/keys", .close)
        }
        #expect(try gateway.send(.get("/api/x").bearer(left.token(kid: "unknown"))).status == 401)
        _ = try gateway.errors.waitFor("the keys of the issuer left cannot be fetched", by: .soon)
        #expect(elsewhere.connectionsAccepted == 0)
        #expect(try gateway.send(.get("/api/x").bearer(left.token())).status == 200, "the keys known last stay")
        elsewhere.stop()
        try stop(gateway)
    }

    @Test("an issuer that does not answer keeps nobody else waiting for long, and is asked again")
    func silent() throws {
        let set = try left.keySet([("k", left.key)])
        left.beSilentOnce(.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: \(set.utf8.count)\r\n\r\n\(set)"))
        let start = ContinuousClock.now
        let gateway = try gateway()
        #expect(start.duration(to: .now) < .seconds(10), "5 s for the fetch")
        #expect(try gateway.send(.get("/api/x").bearer(right.token())).status == 200)
        #expect(try gateway.waitForStatus(200, of: .get("/api/x").bearer(left.token())) < 10)
        try stop(gateway)
    }

    @Test("a key set in a file; one that cannot be used stops the start with its line")
    func file() throws {
        guard case .p256(let x, let y) = left.key.publicKey.parameters else { throw Failure("not a P-256 key") }
        let folder = try TemporaryFolder("issuer")
        try folder.write(
            "keys.json", #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(Forge.encode(x))","y":"\#(Forge.encode(y))"}]}"#)
        let directive = "issuer left { url \(left.url); jwks keys.json; audience \(Forge.audience) }"
        let gateway = try Gateway(Configuration.standard(backend).with(directive), in: folder)
        let claims = Forge.claims(user: "person").with("iss", Forge.quoted(left.url)).text
        let signed = Forge.encode(Forge.header.with("alg", "\"ES256\"").text) + "." + Forge.encode(claims)
        let token = signed + "." + Forge.encode(try left.key.signature(over: Array(signed.utf8).span))
        #expect(try gateway.send(.get("/api/x").bearer(token)).status == 200)
        #expect(left.fetches == 0)
        try gateway.stop()
        try folder.write("keys.json", "{}")
        let checked = try GatewayBinary.run(["check", "-c", "gateway.conf"], in: folder)
        #expect(checked.ending == .exit(78))
        #expect(checked.errors.contains("keys.json cannot be used: that is no JSON Web Key set"), "\(checked.errors)")
        for each in [backend, left.site, right.site] { each.stop() }
    }
}
