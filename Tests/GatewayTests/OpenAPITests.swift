import Accounts
import Encoding
import Reasons
import Testing

@testable import Gateway

@Suite("The OpenAPI document")
struct OpenAPITests {
    private static let document = Result {
        let house = try AuthHouse()
        let bytes = house.api.document
        return try JSONReader.read(bytes.span)
    }

    private var paths: [JSONMember] {
        get throws { try #require(try Self.document.get()["paths"]?.members) }
    }

    @Test("names every call with its methods, and no other")
    func calls() throws {
        for path in try paths {
            let example = path.key.replacing("{id}", with: "00000000-0000-4000-8000-000000000000")
            let endpoint = try #require(AuthEndpoint(path: Array("/api/auth\(example)".utf8)), "\(path.key)")
            let methods = try #require(path.value.members?.map { $0.key })
            let answered = endpoint.methods.filter { $0 != "HEAD" }.map { $0.lowercased() }
            #expect(methods == answered, "\(path.key)")
            let asksForToken = path.value[methods[0]]?["security"]?.elements?.contains { $0["accessToken"] != nil }
            #expect(endpoint.needsBearer == (asksForToken ?? false) || path.key == "/logout", "\(path.key)")
        }
        let listed = Set(try paths.map { $0.key })
        for (name, _) in AuthEndpoint.named { #expect(listed.contains("/\(name)"), "\(name)") }
        #expect(listed.contains("/sessions/{id}"))
        #expect(listed.count == AuthEndpoint.named.count + 1)
    }

    @Test("every code it names belongs to the status beside it, and every refusal of a call is named")
    func codes() throws {
        let shared = try #require(try Self.document.get()["components"]?["responses"])
        var named: Set<String> = []
        for path in try paths {
            for method in path.value.members ?? [] {
                for response in method.value["responses"]?.members ?? [] {
                    let name = response.value["$ref"]?.string.flatMap { $0.split(separator: "/").last }
                    let described = name.map { shared[String($0)] } ?? response.value
                    let schema = described?["content"]?["application/json"]?["schema"]
                    for code in schema?["properties"]?["code"]?["enum"]?.elements ?? [] {
                        let reason = try #require(Reason(rawValue: code.string ?? ""), "\(code)")
                        #expect("\(reason.status)" == response.key, "\(path.key) \(reason.code)")
                        named.insert(reason.code)
                    }
                }
            }
        }
        // What only the gate and its backends bring about, and what no client that reads documents sends.
        let elsewhere: Set<Reason> = [
            .noRoute, .forbidden, .conditionNotMet, .loopDetected, .upstreamUnreachable, .upstreamClosed,
            .upstreamMalformed,
            .upstreamTimeout, .methodNotImplemented, .versionNotSupported,
        ]
        #expect(named == Set(Reason.allCases.filter { !elsewhere.contains($0) }.map { $0.code }))
    }

    @Test("its limits are those of the accounts")
    func limits() throws {
        let schemas = try #require(try Self.document.get()["components"]?["schemas"])
        #expect(schemas["Email"]?["maxLength"]?.integer == Int64(EmailAddress.bytesMax))
        #expect(schemas["Name"]?["maxLength"]?.integer == Int64(DisplayName.bytesMax))
        #expect(schemas["RefreshToken"]?["maxLength"]?.integer == Int64(AuthBody.refreshTokenBytesMax))
        #expect(schemas["Password"]?["maxLength"]?.integer == 72)
        #expect(schemas["NewPassword"]?["minLength"]?.integer == 8)
    }

    @Test("names the refresh cookie that is really set", arguments: ["http", "https"])
    func cookie(scheme: String) throws {
        let house = try AuthHouse(publicURL: "\(scheme)://app.example")
        let bytes = house.api.document
        let document = try JSONReader.read(bytes.span)
        #expect(
            document["components"]?["securitySchemes"]?["refreshCookie"]?["name"]?.string
                == RefreshCookie(isHTTPS: scheme == "https").name)
    }

    @Test(
        "files are served to everybody as what they are",
        arguments: [
            ("openapi.json", "application/json"), ("client.js", "text/javascript; charset=utf-8"),
            ("client.d.ts", "text/plain; charset=utf-8"),
        ])
    func files(name: String, type: String) async throws {
        let house = try AuthHouse()
        let answer = await house.call("GET", name)
        #expect(answer.status == 200)
        #expect(answer.field("Content-Type") == type)
        #expect(answer.field("Cache-Control") == "max-age=300")
        #expect(answer.field("X-Content-Type-Options") == "nosniff")
        #expect(answer.body.count > 1000)
        #expect(await house.call("POST", name).status == 405)
    }

    @Test("the client's types name what the client has")
    func types() {
        let module = String(decoding: SiteFile.client.bytes, as: UTF8.self)
        let types = String(decoding: SiteFile.clientTypes.bytes, as: UTF8.self)
        let exported = module.matches(of: #/export class (\w+)/#).map { String($0.1) }
        #expect(exported == ["Refused", "GatehouseClient"])
        for name in exported { #expect(types.contains("export class \(name)")) }
        let methods = module.matches(of: #/(?m)^  (?:async |get )?(\w+)\(.*\{$/#).map { String($0.1) }
        #expect(methods.count > 10)
        for name in methods { #expect(types.contains(try! Regex("\\b\(name)\\b")), "\(name)") }
        for event in module.matches(of: #/new CustomEvent\("(\w+)"/#) {
            #expect(types.contains("  \(event.1): CustomEvent<"), "\(event.1)")
        }
    }
}
