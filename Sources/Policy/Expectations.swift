import Config
import HTTP
import Reasons

extension RouteTable {
    /// Evaluates every `expect` line with the very functions that serve requests; each that does not hold becomes an
    /// error at its place.
    package func check(_ expectations: [ExpectLine], problems: inout Problems) {
        for expectation in expectations { check(expectation, problems: &problems) }
    }

    private func check(_ expectation: ExpectLine, problems: inout Problems) {
        if case .signedIn(let names) = expectation.caller {
            for name in names { Self.reportUnknown(name, roles: roles, problems: &problems) }
            guard names.allSatisfy({ roles?.contains($0.value) ?? true }) else { return }
        }
        // Without the route that could not be read, nobody knows what would be so.
        guard isWhole else { return }
        let rawPath = Self.rawPath(expectation.path.value)
        if let path = try? CanonicalPath(rawPath.span), path.isOwn {
            return problems.error(
                at: expectation.path.place, "the gateway answers /api/auth itself",
                expected: "a path that routes are for")
        }
        let outcome = outcome(of: expectation, rawPath: rawPath)
        guard outcome.status != expectation.status.value else { return }
        problems.error(
            at: expectation.status.place,
            "this is not so: \(Self.describe(expectation)) is answered \(outcome.status)\(outcome.code.map { " \($0)" } ?? "")",
            hint: outcome.why)
    }

    /// What the gate makes of a request: 200 when it would be let through.
    private func outcome(
        of expectation: ExpectLine, rawPath: [UInt8]
    ) -> (status: UInt16, code: String?, why: String?) {
        let (method, host) = (Array(expectation.method.value.utf8), Array(expectation.host.utf8))
        let caller: Caller =
            switch expectation.caller {
            case .nobody: .nobody
            case .signedIn(let roles): .signedIn(roles: roles.map(\.value))
            }
        do throws(Reason) {
            let path = try CanonicalPath(rawPath.span, accepting: acceptedAnywhere)
            let route = routes[try route(method: method.span, host: host.span, path: path)]
            let why = "decided by the route \(route.label) at \(route.place): \(route.rule.text)"
            switch route.rule.decide(caller) {
            case .allow: return (200, nil, why)
            case .refuse(let reason): return (reason.status, reason.code, why)
            }
        } catch {
            return (error.status, error.code, error == .noRoute ? "no route covers it" : error.sentence)
        }
    }

    /// The path as a client would send it: without query, and with what is not ASCII escaped. Everything else stays, so
    /// that an expectation can be about `/public/..%2fadmin`.
    private static func rawPath(_ text: String) -> [UInt8] {
        var raw: [UInt8] = []
        for byte in text.utf8.prefix(while: { $0 != UInt8(ascii: "?") }) {
            if byte < 0x80 {
                raw.append(byte)
            } else {
                raw += Array("%\(String(byte, radix: 16, uppercase: true))".utf8)
            }
        }
        return raw
    }

    private static func describe(_ expectation: ExpectLine) -> String {
        let caller =
            switch expectation.caller {
            case .nobody: "nobody"
            case .signedIn(let roles) where roles.isEmpty: "user"
            case .signedIn(let roles): "role " + roles.map(\.value).joined(separator: " ")
            }
        return "\(expectation.method.value) \(expectation.host)\(expectation.path.value) as \(caller)"
    }
}

extension Rule {
    /// As it is written in a route.
    package var text: String {
        switch self {
        case .anyone: "public"
        case .user: "user"
        case .roles(let names): "role " + names.joined(separator: " ")
        }
    }
}
