extension Draft {
    static let routeWords = ["public", "user", "role", "accept", "strip-authorization", "->"]

    /// `route [METHOD[,METHOD]…] [HOST]PATH [RULE] [CONDITION]… [accept NAME…] [strip-authorization] -> UPSTREAM`
    /// A `shadow` line is the same with another first word.
    mutating func readRoute(into routes: WritableKeyPath<Configuration, [RouteLine]> = \.routes) {
        let start = directive.name.place
        var methods: [Located<String>] = []
        if let word = peek, !word.text.utf8.contains(UInt8(ascii: "/")), !Self.routeWords.contains(word.text) {
            _ = take()
            methods = self.methods(in: word)
            if hasFailed { return skipRest() }
        }
        guard let target = target(expected: "[METHOD[,METHOD]…] [HOST]PATH") else { return skipRest() }
        var route = RouteLine(
            place: start, methods: methods, host: target.host, path: target.path, label: target.label,
            rule: Located(.user, at: target.path.place), upstream: Located("", at: start))
        var hasRule = false
        while let word = take() {
            if word.isKeyword("->") {
                guard let upstream = name(.upstream) else { return skipRest() }
                route.upstream = upstream
                if !hasFailed { configuration[keyPath: routes].append(route) }
                return
            } else if word.isKeyword("public") || word.isKeyword("user") || word.isKeyword("role") {
                if hasRule {
                    fail(
                        at: word.place, "`\(word.text)` is a second rule",
                        hint: word.text == "role" && route.rule.value != .anyone
                            ? "whoever has to have several roles: all-roles NAME…"
                            : "a route has one: public, user or role NAME…")
                }
                hasRule = true
                let rule: RouteLine.Rule =
                    word.text == "public" ? .anyone : word.text == "user" ? .user : .roles(roleNames(behind: word))
                route.rule = Located(rule, at: word.place)
            } else if word.isBare, let kind = ConditionWord(rawValue: word.text) {
                guard let condition = condition(kind, at: word, allowsPolicies: true) else { return skipRest() }
                route.conditions.append(condition)
            } else if word.isKeyword("accept") {
                route.accept += acceptedSpellings(behind: word)
            } else if word.isKeyword("strip-authorization") {
                route.stripAuthorization = true
            } else {
                reportRouteWord(word)
                return skipRest()
            }
        }
        fail(at: directive.end, "the \(directive.name.text) does not say where it leads", expected: "-> UPSTREAM")
    }

    // MARK: Parts

    mutating func keyword(_ keyword: String, expected: String) -> Bool {
        if takeKeyword(keyword) != nil { return true }
        if let word = peek {
            if NotBuiltYet.routeWords.contains(word.text) {
                fail(at: word.place, "`\(word.text)` is \(NotBuiltYet.phrase)", expected: expected)
            } else {
                fail(at: word.place, "`\(word.written)` stands where `\(keyword)` belongs", expected: expected)
            }
        } else {
            fail(at: directive.end, "`\(keyword)` is missing", expected: expected)
        }
        return false
    }

    mutating func status() -> Located<UInt16>? {
        let known: [UInt16] = [200, 400, 401, 403, 404, 501]
        let expected = "200 (let through), 400, 401, 403, 404 or 501"
        guard let word = take(expected: expected) else { return nil }
        if let status = known.first(where: { String($0) == word.text }) { return Located(status, at: word.place) }
        fail(at: word.place, "\(word.shown) is not an answer of the gate", expected: expected)
        return nil
    }

    /// `GET` or `GET,POST`.
    mutating func methods(in word: Word) -> [Located<String>] {
        var methods: [Located<String>] = []
        var place = word.place
        for part in word.text.split(separator: ",", omittingEmptySubsequences: false) {
            place.width = max(1, part.unicodeScalars.count)
            let text = String(part)
            if part.isEmpty {
                fail(at: word.place, "a comma stands where a method is missing", expected: "GET,POST")
            } else if let objection = Self.objection(toMethod: part) {
                let raised = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
                    .first { String(loweringASCII: $0) == String(loweringASCII: text) }
                fail(
                    at: word.isBare ? place : word.place, "`\(text)` \(objection)",
                    expected: "a method such as GET, or a path that begins with `/`",
                    hint: raised.map { "methods are written in capitals: `\($0)`" })
            } else if methods.contains(where: { $0.value == text }) {
                fail(at: word.isBare ? place : word.place, "`\(text)` is given twice")
            } else {
                methods.append(Located(text, at: word.isBare ? place : word.place))
            }
            place.column += part.unicodeScalars.count + 1
        }
        return methods
    }

    private static func objection(toMethod text: Substring) -> String? {
        // Methods are A-Z and `-`; the gateway never tunnels or echoes (RFC 9110 §9.3.6, §9.3.8).
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isUpper || $0 == UInt8(ascii: "-") }) else {
            return "is neither a method nor a path"
        }
        return text == "CONNECT" || text == "TRACE" ? "is a method that the gateway never forwards" : nil
    }

    /// `[HOST]PATH`; a query in the path of an expectation is cut off later.
    mutating func target(
        expected: String
    ) -> (host: RouteLine.Host, path: Located<String>, label: String)? {
        guard let word = take(expected: expected) else { return nil }
        guard let slash = word.text.utf8.firstIndex(of: UInt8(ascii: "/")), !Self.routeWords.contains(word.text) else {
            fail(
                at: word.place, "`\(word.written)` stands where a path belongs", expected: expected,
                hint: "a path begins with `/`")
            return nil
        }
        let path = Located(String(word.text[slash...]), at: word.place)
        let name = word.text[..<slash]
        if name.isEmpty { return (.any, path, word.text) }
        guard let host = Self.host(name) else {
            let hasPort = name.utf8.contains(UInt8(ascii: ":"))
            fail(
                at: word.place, "`\(name)` is not a host", expected: "HOST/PATH with HOST exact or *.example.com",
                hint: hasPort ? "hosts are compared without scheme and port" : nil)
            return nil
        }
        return (host, path, word.text)
    }

    static func host(_ text: Substring) -> RouteLine.Host? {
        let lowered = String(loweringASCII: text)
        if lowered.hasPrefix("*.") {
            let name = lowered.dropFirst(2)
            return HostName.isName(name) ? .wildcard(suffix: "." + name) : nil
        }
        if lowered.hasPrefix("["), lowered.hasSuffix("]") {
            return IPAddress.bytes(of: lowered.dropFirst().dropLast())?.count == 16 ? .exact(lowered) : nil
        }
        return HostName.isNameOrIPv4(lowered) ? .exact(lowered) : nil
    }

    mutating func roleNames(behind word: Word) -> [Located<String>] {
        var names: [Located<String>] = []
        var isNamed = false
        // `user` is a role too: the one that every new account has.
        while let next = peek, !next.isBare || next.text == "user" || !isConditionEnd(next) {
            if next.isBare, NotBuiltYet.routeWords.contains(next.text) { break }
            isNamed = true
            if next.text.utf8.contains(UInt8(ascii: ",")) {
                _ = take()
                fail(at: next.place, "\(next.shown) is not a role name", hint: "roles are separated by blanks")
            } else if let name = name(.role) {
                names.append(name)
            }
        }
        if !isNamed {
            fail(
                at: word.place, "`\(word.text)` names no role, so nobody could pass", expected: "\(word.text) NAME…",
                hint: "any signed-in user is `user`; a role that is called like a keyword stands in quotes")
        }
        return names
    }

    private mutating func acceptedSpellings(behind word: Word) -> [Located<AcceptedSpelling>] {
        let known = AcceptedSpelling.allCases.map(\.rawValue)
        var spellings: [Located<AcceptedSpelling>] = []
        var isNamed = false
        while let next = peek, !(next.isBare && isConditionEnd(next)) {
            _ = take()
            isNamed = true
            if let spelling = AcceptedSpelling(rawValue: next.text) {
                spellings.append(Located(spelling, at: next.place))
            } else {
                fail(
                    at: next.place, "\(next.shown) is not a spelling that can be accepted",
                    expected: known.joined(separator: " "), hint: NearestWord.hint(for: next.text, among: known))
            }
        }
        if !isNamed {
            fail(at: word.place, "`accept` names no spelling", expected: known.joined(separator: " "))
        }
        return spellings
    }

    private mutating func reportRouteWord(_ word: Word) {
        if NotBuiltYet.routeWords.contains(word.text) {
            return fail(at: word.place, "`\(word.text)` in a route is \(NotBuiltYet.phrase)")
        }
        var hint = NearestWord.hint(
            for: word.text, among: Self.routeWords.dropLast() + ConditionWord.texts.sorted().filter { $0 != "not" })
        if ["when", "if", "and"].contains(word.text) {
            hint = "conditions follow one another: role admin from 10.0.0.0/8"
        }
        if word.text == "unless" { hint = "write `not` before the condition: not from 10.0.0.0/8" }
        if word.text == "any" { hint = "alternatives stand in a policy: policy NAME { any { … } }" }
        if !word.isBare { hint = "words of the language are neither quoted nor from the environment" }
        if word.text.hasPrefix("->") { hint = "write a blank behind `->`" }
        fail(
            at: word.place, "`\(word.written)` is not a word of a route",
            expected: "public, user, role NAME…, a condition, accept NAME…, strip-authorization, or -> UPSTREAM",
            hint: hint)
    }
}
