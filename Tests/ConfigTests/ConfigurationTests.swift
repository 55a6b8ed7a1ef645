import Testing

@testable import Config

@Suite("What gateway.conf means")
struct ConfigurationTests {
    @Test("the example of the contract is read as it says") func contractExample() {
        let (configuration, problems) = read(
            """
            listen 127.0.0.1:8080
            public-url http://localhost:8080
            database sqlite gatehouse.db            # or: database postgres "postgresql://gatehouse@db.internal/gatehouse"
            registration open                       # open | closed (default)

            tokens {
                issuer   http://localhost:8080
                audience my-app
                access   15m
                refresh  7d
                key      es256 file keys/access.pem    # the first key signs, all verify
            }

            limits {
                login    10 per 15m        # failures per (email, address); also register, refresh; `off` lifts one
            }
            admin      127.0.0.1:9901
            access-log stdout              # off | stdout | FILE, then: json (default) | combined
            workers    2                   # cores to use; default: all

            upstream web { server 127.0.0.1:3000 }
            upstream api {
                server 127.0.0.1:9001
                server 127.0.0.1:9002
            }

            route /*                public                -> web
            route /api/*            user                  -> api      # any signed-in user
            route /admin/*          role admin            -> web      # any of the roles named: role admin owner
            route DELETE /api/*     role admin            -> api      # methods narrow a route

            expect GET    /             as nobody  -> 200
            expect DELETE /api/orders/1 as role admin -> 200
            """)
        #expect(problems.all == [])
        #expect(configuration.listen.map(\.value) == [.tcp(host: "127.0.0.1", port: 8080)])
        #expect(configuration.publicURL.origin == "http://localhost:8080")
        #expect(!configuration.publicURL.isHTTPS)
        #expect(configuration.database == .sqlite(path: "gatehouse.db"))
        #expect(configuration.registrationOpen)
        #expect(configuration.tokens.issuer == "http://localhost:8080")
        #expect(configuration.tokens.audience == "my-app")
        #expect(configuration.tokens.accessSeconds == 900)
        #expect(configuration.tokens.refreshSeconds == 604_800)
        #expect(
            configuration.tokens.keys.map(\.value)
                == [.init(algorithm: .es256, source: .file(path: "keys/access.pem", readable: false))])
        #expect(configuration.limits.login == .init(count: 10, windowSeconds: 900))
        #expect(configuration.admin?.value == .tcp(host: "127.0.0.1", port: 9901))
        #expect(configuration.accessLog == .init(target: .stdout, format: .json))
        #expect(configuration.workers == 2)
        #expect(configuration.upstreams.map(\.name.value) == ["web", "api"])
        #expect(configuration.upstreams[1].servers.count == 2)
        #expect(configuration.routes.map(\.label) == ["/*", "/api/*", "/admin/*", "/api/*"])
        #expect(configuration.routes[3].methods.map(\.value) == ["DELETE"])
        #expect(configuration.routes[1].rule.value == .user)
        #expect(configuration.expectations.count == 2)
        #expect(configuration.routes[3].place == Place(file: "gateway.conf", line: 30, column: 1, width: 5))
    }

    @Test("what nobody says has its default") func defaults() {
        let (configuration, problems) = read(minimal)
        #expect(problems.all == [])
        #expect(configuration.database == .sqlite(path: "gatehouse.db"))
        #expect(!configuration.registrationOpen)
        #expect(configuration.tokens.issuer == "http://localhost:8080")
        #expect(configuration.tokens.refreshGraceSeconds == 30)
        #expect(configuration.tokens.refreshAbsoluteSeconds == 30 * 86_400)
        #expect(configuration.tokens.maxSessions == 50)
        #expect(configuration.tokens.lifetimeMaxSeconds == 86_400)
        #expect(!configuration.tokens.refreshInBody)
        #expect(configuration.admin == nil)
        #expect(configuration.workers == nil)
        #expect(configuration.timeouts == Configuration.Timeouts())
        #expect(configuration.sizes == Configuration.Sizes())
        #expect(configuration.identityHeaders == Configuration.IdentityHeaders())
        #expect(configuration.trustedProxies == TrustedProxies())
        #expect(configuration.underscoreHeaders == .drop)
        #expect(configuration.bcryptCost == 12)
        #expect(configuration.passwordStrengthBits == 20)
        #expect(configuration.drainGraceMs == 30_000)
        #expect(configuration.roles == nil)
        #expect(configuration.revocationStaleMaxSeconds == 300)
    }

    @Test("every directive is taken over") func everyDirective() {
        let secret = "q8Zr1vUe7Tn4Ky0Xw3Bs6Dm9Hp2Lf5Jc"
        let (configuration, problems) = read(
            """
            listen :80; listen [::1]:8443; listen "unix:run/gate.sock"
            public-url HTTPS://App.Example.com:443/
            database postgres "postgresql://gate:${PASSWORD}@db/gate"
            tokens {
                issuer me; audience app; access 90s; refresh 1d; refresh-grace 0s; refresh-absolute 2d; max-sessions 3
                token-lifetime-max 1h; refresh-in-body on; access-cookie on
                key hs256 env SECRET; key rs256 file /etc/old.pem readable; key eddsa file new.pem
            }
            limits { login off; register 5 per 1h; refresh 6 per 1m }
            headers { user-id X-Auth-User; session-id X-Auth-Session }
            trusted-proxies 10.0.0.0/8 ::1 unix
            cors https://a.example https://b.example:443; cors http://c.example:8080
            sign-in-page /sign-in
            underscore-headers pass; bcrypt-cost 10; password-strength 0; io-engine epoll; drain-grace 5s
            revocation-stale-max 1m; workers 4; admin unix:run/admin.sock; access-log logs/access.log combined
            roles admin user
            sizes { head 16k; target 4k; fields 50; body 1m }
            timeouts { head 1s; body-idle 2s; keep-alive 3s; connect 400ms; answer 5s; answer-idle 6m }
            upstream web { timeouts { answer 9s }; server unix:/run/web.sock; server db.internal:81 }
            route GET,PURGE *.Example.com/a/* role admin user accept semicolon case strip-authorization -> web
            """, environment: ["SECRET": secret, "PASSWORD": "a\"b ; }"])
        #expect(problems.report() == "")
        #expect(
            configuration.listen.map(\.value)
                == [.tcp(host: "", port: 80), .tcp(host: "::1", port: 8443), .unix(path: "run/gate.sock")])
        #expect(configuration.publicURL.origin == "https://app.example.com")
        #expect(configuration.database == .postgres(url: Secret("postgresql://gate:a\"b ; }@db/gate")))
        #expect(
            configuration.tokens.keys.map(\.value) == [
                .init(algorithm: .hs256, source: .environment(name: "SECRET", value: Secret(secret))),
                .init(algorithm: .rs256, source: .file(path: "/etc/old.pem", readable: true)),
                .init(algorithm: .eddsa, source: .file(path: "new.pem", readable: false)),
            ])
        #expect(configuration.tokens.accessSeconds == 90)
        #expect(configuration.tokens.refreshGraceSeconds == 0)
        #expect(configuration.tokens.refreshInBody)
        #expect(configuration.tokens.accessCookie)
        #expect(configuration.signInPage?.value == "/sign-in")
        #expect(configuration.limits.login == nil)
        #expect(configuration.limits.register == .init(count: 5, windowSeconds: 3_600))
        #expect(configuration.identityHeaders.userID == "X-Auth-User")
        #expect(configuration.trustedProxies.contains([10, 1, 2, 3]))
        #expect(configuration.trustedProxies.unixSockets)
        #expect(
            configuration.corsOrigins.map(\.value) == [
                "https://a.example", "https://b.example", "http://c.example:8080",
            ])
        #expect(configuration.underscoreHeaders == .pass)
        #expect(configuration.ioEngine == .epoll)
        #expect(configuration.accessLog == .init(target: .file(path: "logs/access.log"), format: .combined))
        #expect(configuration.admin?.value == .unix(path: "run/admin.sock"))
        #expect(configuration.roles?.map(\.value) == ["admin", "user"])
        #expect(configuration.sizes.bodyBytes == 1_048_576)
        #expect(configuration.timeouts.connectMs == 400)
        #expect(configuration.timeouts.answerMs == 5_000)
        #expect(configuration.upstreams[0].timeouts.answerMs == 9_000)
        #expect(configuration.upstreams[0].timeouts.connectMs == 400)
        let route = configuration.routes[0]
        #expect(route.methods.map(\.value) == ["GET", "PURGE"])
        #expect(route.host == .wildcard(suffix: ".example.com"))
        #expect(route.path.value == "/a/*")
        #expect(route.label == "*.Example.com/a/*")
        guard case .roles(let roles) = route.rule.value else { return #expect(Bool(false), "no roles") }
        #expect(roles.map(\.value) == ["admin", "user"])
        #expect(route.accept.map(\.value) == [.semicolon, .case])
        #expect(route.stripAuthorization)
    }

    @Test("paths are relative to the file that names them") func relativePaths() {
        var problems = Problems()
        let world = World([
            "/etc/gate/gateway.conf": minimal + "include conf.d/*.conf\ndatabase sqlite data/gate.db",
            "/etc/gate/conf.d/a.conf": "access-log log/access.log\ninclude ../more.conf",
            "/etc/gate/conf.d/../more.conf": "admin unix:admin.sock",
        ])
        let configuration = Configuration.read("/etc/gate/gateway.conf", from: world.surroundings, problems: &problems)
        #expect(problems.report() == "")
        #expect(configuration.database == .sqlite(path: "/etc/gate/data/gate.db"))
        #expect(configuration.tokens.keys[0].value.source == .file(path: "/etc/gate/access.pem", readable: false))
        #expect(configuration.accessLog.target == .file(path: "/etc/gate/conf.d/log/access.log"))
        #expect(configuration.admin?.value == .unix(path: "/etc/gate/conf.d/../admin.sock"))
    }

    @Test("included files are read in the order of their names") func includeOrder() {
        let (configuration, problems) = read(
            minimal + "include conf.d/*.conf",
            files: [
                "conf.d/b.conf": "route /b -> web", "conf.d/a.conf": "route /a -> web",
                "conf.d/c.conf": "route /c -> web", "conf.d/d.txt": "nonsense",
            ])
        #expect(problems.all == [])
        #expect(configuration.routes.map(\.label) == ["/base", "/a", "/b", "/c"])
    }

    @Test("a file is included where it stands, in a block too") func includeInBlock() {
        let (configuration, problems) = read(
            minimal + "upstream api { include servers.conf }\nroute /api -> api",
            files: ["servers.conf": "server 127.0.0.1:1\nserver 127.0.0.1:2"])
        #expect(problems.all == [])
        #expect(configuration.upstreams[1].servers.count == 2)
    }

    @Test("the environment's text is one word, whatever it holds") func environmentIsNoSyntax() {
        let (configuration, problems) = read(
            minimal + "access-log ${LOG} ${FORMAT:-json}\ndatabase sqlite \"${DIR}/my gate.db\"",
            environment: ["LOG": "a b;} # \"c", "DIR": "$HOME/${X}"])
        #expect(problems.all == [])
        #expect(configuration.accessLog.target == .file(path: "a b;} # \"c"))
        #expect(configuration.database == .sqlite(path: "$HOME/${X}/my gate.db"))
    }

    @Test("an empty variable takes its default, as in a shell, and is empty without one") func emptyVariable() {
        let (configuration, problems) = read(
            minimal + "workers ${N:-3}\ndatabase sqlite a${EMPTY}b", environment: ["N": "", "EMPTY": ""])
        #expect(problems.all == [])
        #expect(configuration.workers == 3)
        #expect(configuration.database == .sqlite(path: "ab"))
    }

    @Test("a secret does not print") func secretsDoNotPrint() {
        let secret = Secret("hunter2")
        #expect("\(secret)" == "***")
        #expect(String(reflecting: secret) == "***")
        var dumped = ""
        dump(Configuration.Database.postgres(url: secret), to: &dumped)
        #expect(!dumped.contains("hunter2") && !dumped.contains("104"))
    }

    @Test("the first file that is not there is the only thing to say") func missingFile() {
        var problems = Problems()
        _ = Configuration.read("gateway.conf", from: World([:]).surroundings, problems: &problems)
        #expect(problems.report() == "gateway.conf:1:1: error: gateway.conf cannot be read: no such file\n")
    }
}
