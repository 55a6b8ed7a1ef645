/// Conditions: a keyword and what belongs to it, up to the next keyword.
extension Draft {
    /// All conditions of a directive whose name is the first keyword.
    mutating func sentence(behind keyword: Word, allowsPolicies: Bool) -> [ConditionLine] {
        var sentence: [ConditionLine] = []
        var next: Word? = keyword
        while let word = next {
            guard let kind = ConditionWord(rawValue: word.text), word.isBare else {
                fail(
                    at: word.place, "`\(word.written)` does not begin a condition",
                    expected: ConditionWord.allCases.map(\.rawValue).joined(separator: ", "),
                    hint: NearestWord.hint(for: word.text, among: ConditionWord.texts.sorted()))
                skipRest()
                return sentence
            }
            guard let condition = condition(kind, at: word, allowsPolicies: allowsPolicies) else {
                skipRest()
                return sentence
            }
            sentence.append(condition)
            next = take()
        }
        return sentence
    }

    /// One condition, its keyword already taken; nil after a mistake has been reported.
    mutating func condition(_ kind: ConditionWord, at keyword: Word, allowsPolicies: Bool) -> ConditionLine? {
        let start = position
        var (test, isNegated) = (kind, false)
        var word = keyword
        if kind == .not {
            guard let next = take(expected: "a condition behind `not`"),
                let negated = ConditionWord(rawValue: next.text), next.isBare, negated != .not
            else {
                if !hasFailed {
                    fail(at: keyword.place, "`not` is followed by no condition", expected: "not from 10.9.0.0/16")
                }
                return nil
            }
            (test, isNegated, word) = (negated, true, next)
        }
        if test == .policy, !allowsPolicies {
            fail(at: word.place, "a policy cannot name another one", hint: "name both in the route")
            return nil
        }
        guard let read = self.test(test, word), !hasFailed else { return nil }
        let words = [keyword] + directive.words[start..<position]
        var place = keyword.place
        if let last = words.last, last.place.line == place.line {
            place.width = max(place.width, last.place.column + last.place.width - place.column)
        }
        return ConditionLine(
            place: place, text: words.map(\.written).joined(separator: " "), isNegated: isNegated, test: read)
    }

    private mutating func test(_ kind: ConditionWord, _ word: Word) -> ConditionLine.Test? {
        switch kind {
        case .role: return .role(roleNames(behind: word))
        case .allRoles: return .allRoles(roleNames(behind: word))
        case .claim:
            guard let name = claimName(), let value = valueTest(of: "claim NAME") else { return nil }
            return .claim(name: name, value)
        case .where:
            guard let parameter = take(expected: "where PARAMETER is CLAIM"),
                keyword("is", expected: "where PARAMETER is CLAIM"), let claim = claimName()
            else { return nil }
            return .parameter(Located(parameter.text, at: parameter.place), claim: claim)
        case .from: return ranges().map { .from($0) }
        case .method:
            guard let word = take(expected: "METHOD[,METHOD]…") else { return nil }
            return .method(methods(in: word).map(\.value))
        case .host: return hosts().map { .host($0) }
        case .header:
            guard let name = headerName(), let value = valueTest(of: "header NAME") else { return nil }
            return .header(name: name, value)
        case .query:
            let expected = "query NAME is VALUE, query NAME in VALUE… or query NAME present"
            if let word = peek, word.isBare, isConditionEnd(word) {
                fail(at: word.place, "the name of a parameter is missing", expected: expected)
                return nil
            }
            guard let name = take(expected: expected), let value = valueTest(of: "query NAME") else { return nil }
            return .query(name: name.text, value)
        case .between: return window().map { .between($0) }
        case .policy: return name(.policy).map { .policy($0) }
        case .not: return nil
        }
    }

    // MARK: Parts

    mutating func claimName() -> String? {
        let expected = "the name of a claim in ASCII, such as sub, email or tenant"
        guard let word = take(expected: expected) else { return nil }
        let isPrintable = word.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        if !word.text.isEmpty, isPrintable, !word.isBare || !isConditionEnd(word) { return word.text }
        fail(at: word.place, "\(word.shown) stands where a claim belongs", expected: expected)
        return nil
    }

    mutating func headerName() -> Located<String>? {
        let expected = "the name of a header field"
        guard let word = take(expected: expected) else { return nil }
        let isName = word.text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        if isName, (1...64).contains(word.text.utf8.count) { return Located(word.text, at: word.place) }
        fail(
            at: word.place, "\(word.shown) is not the name of a header that can be asked for", expected: expected,
            hint: "it has letters, digits and `-`; `_` and other signs do not reach every backend as they are")
        return nil
    }

    /// `is VALUE`, `in VALUE…` or `present`.
    private mutating func valueTest(of what: String) -> ConditionLine.ValueTest? {
        let expected = "\(what) is VALUE, \(what) in VALUE… or \(what) present"
        guard let word = take(expected: expected) else { return nil }
        switch word.text {
        case "present" where word.isBare: return .present
        case "is" where word.isBare:
            return value(expected: expected).map { .among([$0]) }
        case "in" where word.isBare:
            let values = values(expected: expected)
            return values.isEmpty ? nil : .among(values)
        default:
            fail(
                at: word.place, "`\(word.written)` stands where `is`, `in` or `present` belongs", expected: expected,
                hint: ["=", "==", "eq", "equals"].contains(word.text) ? "equality is written `is`" : nil)
            return nil
        }
    }

    /// One word that is no keyword.
    mutating func value(expected: String) -> String? {
        if let word = peek, !word.isBare || !isConditionEnd(word) { return take()?.text }
        fail(at: peek?.place ?? directive.end, "a value is missing", expected: expected)
        return nil
    }

    /// The words up to the next keyword, one at least.
    mutating func values(expected: String) -> [String] {
        var values: [String] = []
        while let next = peek, !next.isBare || !isConditionEnd(next) {
            _ = take()
            values.append(next.text)
        }
        if values.isEmpty { fail(at: peek?.place ?? directive.end, "a value is missing", expected: expected) }
        return values
    }

    /// Whether a bare word ends a list of values.
    func isConditionEnd(_ word: Word) -> Bool {
        ConditionWord.texts.contains(word.text) || Self.routeWords.contains(word.text) || word.text == "at"
    }

    private mutating func ranges() -> [AddressRange]? {
        let expected = "addresses such as 10.0.0.0/8 or fd00::/8"
        var ranges: [AddressRange] = []
        while let word = peek, !word.isBare || !isConditionEnd(word) {
            _ = take()
            guard let range = addressRange(word, expected: expected) else { return nil }
            ranges.append(range)
        }
        if ranges.isEmpty { fail(at: peek?.place ?? directive.end, "an address is missing", expected: expected) }
        return ranges.isEmpty ? nil : ranges
    }

    /// A range of addresses; nil after a mistake has been reported.
    mutating func addressRange(_ word: Word, expected: String) -> AddressRange? {
        do {
            return try AddressRange(word.text)
        } catch {
            let hint: String? =
                switch error {
                case .notAnAddress: nil
                case .badPrefix(let max): "behind the slash stands a number from 0 to \(max)"
                case .bitsBehindPrefix: "the address has bits set behind its prefix: which of the two is meant?"
                }
            fail(at: word.place, "\(word.shown) is not a range of addresses", expected: expected, hint: hint)
            return nil
        }
    }

    private mutating func hosts() -> [RouteLine.Host]? {
        let expected = "hosts, exact or *.example.com"
        var hosts: [RouteLine.Host] = []
        while let word = peek, !word.isBare || !isConditionEnd(word) {
            _ = take()
            guard let host = Self.host(word.text[...]) else {
                fail(at: word.place, "\(word.shown) is not a host", expected: expected)
                return nil
            }
            hosts.append(host)
        }
        if hosts.isEmpty { fail(at: peek?.place ?? directive.end, "a host is missing", expected: expected) }
        return hosts.isEmpty ? nil : hosts
    }

    /// `HH:MM and HH:MM [on DAYS] [utc+HH:MM]`, or two dates.
    private mutating func window() -> TimeWindow? {
        let expected = "between 08:00 and 18:00, or between 2026-12-01 and 2026-12-31"
        guard let first = take(expected: expected), keyword("and", expected: expected),
            let last = take(expected: expected)
        else { return nil }
        var window: TimeWindow
        if let from = TimeWindow.minute(first.text), from < 1440, let to = TimeWindow.minute(last.text) {
            guard from != to else {
                fail(at: last.place, "the window is empty", expected: expected)
                return nil
            }
            window = TimeWindow(span: .daily(from: from, to: to))
        } else if let from = TimeWindow.day(first.text), let to = TimeWindow.day(last.text) {
            guard from <= to else {
                fail(at: last.place, "the last day lies before the first", expected: expected)
                return nil
            }
            window = TimeWindow(span: .dates(first: from, last: to))
        } else {
            let isTime = TimeWindow.minute(first.text) != nil || TimeWindow.day(first.text) != nil
            let wrong = isTime ? last : first
            fail(at: wrong.place, "\(wrong.shown) is neither a time nor a day that fits here", expected: expected)
            return nil
        }
        if takeKeyword("on") != nil {
            guard let word = take(expected: "days such as mon-fri or sat,sun") else { return nil }
            guard let days = TimeWindow.days(word.text) else {
                fail(at: word.place, "\(word.shown) are not days", expected: "days such as mon-fri or sat,sun")
                return nil
            }
            window.days = days
        }
        if let word = peek, word.isBare, word.text.hasPrefix("utc") {
            _ = take()
            guard let offset = TimeWindow.offset(word.text) else {
                fail(at: word.place, "\(word.shown) is not an offset from UTC", expected: "utc, utc+01:00 or utc-05:30")
                return nil
            }
            window.offsetMinutes = offset
        }
        return window
    }

    // MARK: Roles

    /// `roles owner > admin > user auditor`
    mutating func readRoles() {
        var roles: [Located<String>] = []
        var ranks: [RoleRank] = []
        repeat {
            if let word = peek, word.text.utf8.contains(UInt8(ascii: ">")) {
                _ = take()
                return fail(
                    at: word.place, "`\(word.written)` stands where a role belongs", expected: "NAME > NAME",
                    hint: word.text.utf8.count > 1 ? "write a blank on both sides of `>`" : nil)
            }
            guard let role = name(.role) else { continue }
            var higher = role
            roles.append(role)
            while takeKeyword(">") != nil {
                guard let lower = name(.role) else { return skipRest() }
                roles.append(lower)
                ranks.append(RoleRank(higher: higher, lower: lower))
                higher = lower
            }
        } while peek != nil
        configuration.roles = roles
        configuration.roleRanks = ranks
    }
}
