import Crypto
import Foundation
import Testing

/// Routes by host and method, and keys in numbers, as the configuration has them.
@Suite("Routes and keys", .serialized)
struct RouteTests {
    @Test("the host decides: exact over wildcard over none, without case and port")
    func hosts() throws {
        let stage = try Stage { backend in
            Configuration(
                "upstream backend { server \(backend.address) }", "route /public/* public -> backend",
                "route app.example.com/x public -> backend", "route *.example.com/x user -> backend",
                "route /x role admin -> backend")
        }
        for (host, status) in [
            ("app.example.com", 200), ("APP.Example.COM", 200), ("app.example.com:8443", 200),
            ("app.example.com.", 200),
            ("other.example.com", 401), ("a.b.example.com", 401), ("example.com", 401), ("evilexample.com", 401),
            ("app.example.com.evil.org", 401), ("localhost", 401),
        ] {
            let (answer, seen) = try stage.exchange(.get("/x").with("Host: \(host)"))
            #expect(answer.status == status, "\(host): \(answer.summary)")
            #expect(seen.map { $0["Host"] } == (status == 200 ? [host] : []))
        }
        let user = Forge.token()
        #expect(try stage.exchange(.get("/x").with("Host: other.example.com").bearer(user)).answer.status == 200)
        #expect(try stage.exchange(.get("/x").with("Host: evilexample.com").bearer(user)).answer.status == 403)
        try stage.end()
    }

    @Test("GET covers HEAD, a method narrows, a method that a route names is no longer 501")
    func methods() throws {
        let stage = try Stage { backend in
            Configuration(
                "upstream backend { server \(backend.address) }", "route /public/* public -> backend",
                "route GET /read public -> backend", "route PROPFIND,REPORT /dav public -> backend")
        }
        #expect(try stage.exchange(Call("HEAD", "/read")).answer.status == 200)
        #expect(try stage.exchange(Call.post("/read")).answer.status == 404)
        let dav = try stage.exchange(Call("PROPFIND", "/dav"))
        #expect(dav.answer.status == 200)
        #expect(dav.seen.map(\.method) == ["PROPFIND"])
        #expect(try stage.exchange(Call("MKCOL", "/dav")).answer.status == 501)
        #expect(try stage.exchange(.get("/dav")).answer.status == 404)
        try stage.end()
    }

    @Test("the longer path wins, whatever the order of the lines")
    func specificity() throws {
        let lines = [
            "route /a/* user -> backend", "route /a/b public -> backend", "route /a/b/* role admin -> backend",
        ]
        for order in [lines, lines.reversed()] {
            let stage = try Stage { backend in
                var configuration = Configuration(
                    "upstream backend { server \(backend.address) }", "route /public/* public -> backend")
                configuration.lines += order
                return configuration
            }
            for (target, status) in [
                ("/a", 401), ("/a/x", 401), ("/a/b", 200), ("/a/b/", 200), ("/a/b/c", 401), ("/a/bc", 401),
            ] {
                #expect(try stage.exchange(.get(target)).answer.status == status, "\(target)")
            }
            #expect(try stage.exchange(.get("/a/b/c").bearer(Forge.token())).answer.status == 403)
            try stage.end()
        }
    }

    @Test("G-14 two keys verify, the first signs: tokens of the old key are good until they expire")
    func keyRotation() throws {
        let folder = try TemporaryFolder("rotation")
        for name in ["old.pem", "new.pem"] {
            let pem = try PrivateKey.generate(.p256).pem()
            var bytes: [UInt8] = []
            pem.withBytes { span in for index in span.indices { bytes.append(span[index]) } }
            try folder.write(name, Data(bytes))
        }
        let backend = try RecordingBackend()
        var configuration = Configuration.standard(backend)
        configuration.tokens = ["key es256 file old.pem"]
        var gateway = try Gateway(configuration, in: folder)
        let old = try gateway.register()
        try gateway.stop()
        configuration.tokens = ["key es256 file new.pem", "key es256 file old.pem"]
        gateway = try Gateway(configuration, in: folder)
        #expect(try gateway.send(.get("/api/x").bearer(old.access)).status == 200)
        let new = try gateway.refresh(old)
        #expect(try gateway.send(.get("/api/x").bearer(new.access)).status == 200)
        let keys = try gateway.send(.get("/api/auth/.well-known/jwks.json")).json["keys"] as? [[String: Any]]
        #expect(Set(keys?.compactMap { $0["kid"] as? String } ?? []).count == 2)
        try gateway.stop()
        configuration.tokens = ["key es256 file new.pem"]
        gateway = try Gateway(configuration, in: folder)
        #expect(try gateway.send(.get("/api/x").bearer(old.access)).status == 401)
        #expect(try gateway.send(.get("/api/x").bearer(new.access)).status == 200)
        try gateway.stop()
        backend.stop()
    }

    @Test("G-05 trusting everybody is a warning, and is done")
    func trustingAll() throws {
        let stage = try Stage { Configuration.standard($0).with("trusted-proxies 0.0.0.0/0") }
        #expect(stage.gateway.errors.text.contains("trusted-proxies"), "\(stage.gateway.errors.text)")
        try stage.end()
    }

    @Test("a backend whose name does not resolve is a mistake with a place, not a gateway that answers 502")
    func unresolvable() throws {
        let backend = try RecordingBackend()
        let folder = try TemporaryFolder("unresolvable")
        try Gateway.prepare(
            folder, Configuration.standard(backend).with("upstream nowhere { server nowhere.invalid:80 }"))
        let ran = try GatewayBinary.run(["run", "-c", "gateway.conf"], in: folder)
        #expect(ran.ending == .exit(78))
        #expect(ran.errors.contains("nowhere.invalid") && ran.errors.contains("gateway.conf:"), "\(ran.errors)")
        backend.stop()
    }

    @Test("a backend named by localhost is found")
    func named() throws {
        let backend = try RecordingBackend()
        let gateway = try Gateway(
            Configuration("upstream named { server localhost:\(backend.address.port) }", "route /* public -> named"))
        #expect(try gateway.send(.get("/x")).status == 200)
        try gateway.stop()
        backend.stop()
    }
}
