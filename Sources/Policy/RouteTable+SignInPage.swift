import Config
import HTTP
import Reasons

extension RouteTable {
    /// Whoever is sent to the sign-in page has to be let in there, or the browser goes round in circles.
    package func check(signInPage: Located<String>, host: String, problems: inout Problems) {
        // Without the route that could not be read, nobody knows what would be so.
        guard isWhole else { return }
        let (method, path, hostBytes) = (Array("GET".utf8), Array(signInPage.value.utf8), Array(host.utf8))
        do throws(Reason) {
            let canonical = try CanonicalPath(path.span, accepting: acceptedAnywhere)
            guard !canonical.isOwn else {
                return problems.error(
                    at: signInPage.place, "the gateway answers /api/auth itself", expected: "a path of your own pages")
            }
            let route = routes[try route(method: method.span, host: hostBytes.span, path: canonical)]
            if case .anyone = route.rule, !asksWhoCalls(route, path: canonical) { return }
            problems.error(
                at: signInPage.place, "who is not signed in may not see `\(signInPage.value)`",
                expected: "a page of a route that says `public`",
                hint: "the route \(route.label) at \(route.place) decides")
        } catch {
            problems.error(
                at: signInPage.place, "no route leads to `\(signInPage.value)`",
                expected: "a page of a route that says `public`")
        }
    }

    /// Whether some condition could send somebody to the sign-in page who is there already.
    private func asksWhoCalls(_ route: CompiledRoute, path: CanonicalPath) -> Bool {
        var nobody = Facts()
        nobody.method = Array("GET".utf8)
        nobody.path = path.bytes
        return route.conditions.contains { $0.asksAboutCaller && $0.verdict(of: nobody) != .yes }
    }
}
