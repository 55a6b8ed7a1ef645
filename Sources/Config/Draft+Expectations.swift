extension Draft {
    /// `expect METHOD [HOST]PATH as nobody | user | role NAME… [CIRCUMSTANCE]… -> STATUS`
    mutating func readExpectation() {
        let start = directive.name.place
        guard let methodWord = take(expected: "METHOD PATH as CALLER -> STATUS") else { return }
        guard let method = methods(in: methodWord).first, let target = target(expected: "[HOST]PATH"),
            keyword("as", expected: "as nobody, as user or as role NAME…")
        else { return skipRest() }
        guard let callerWord = take(expected: "nobody, user or role NAME…") else { return }
        let caller: ExpectLine.Caller
        switch callerWord.text {
        case "nobody": caller = .nobody
        case "user": caller = .signedIn(roles: [])
        case "role": caller = .signedIn(roles: roleNames(behind: callerWord))
        default:
            fail(
                at: callerWord.place, "\(callerWord.shown) is not a caller", expected: "nobody, user or role NAME…",
                hint: NearestWord.hint(for: callerWord.text, among: ["nobody", "user", "role"]))
            return skipRest()
        }
        guard let circumstances = circumstances(of: caller) else { return skipRest() }
        guard keyword("->", expected: "-> STATUS"), let status = status() else { return skipRest() }
        let host: String
        switch target.host {
        case .any: host = ""
        case .exact(let name): host = name
        case .wildcard:
            return fail(at: target.path.place, "an expectation is about one host", expected: "HOST/PATH without `*`")
        }
        configuration.expectations.append(
            ExpectLine(
                place: start, method: method, host: host, path: target.path, caller: caller,
                circumstances: circumstances, status: status))
    }

    /// What stands between the caller and `->`.
    private mutating func circumstances(of caller: ExpectLine.Caller) -> ExpectLine.Circumstances? {
        var circumstances = ExpectLine.Circumstances()
        let start = position
        while let word = peek, word.isBare, Self.circumstanceWords.contains(word.text) {
            _ = take()
            switch word.text {
            case "from":
                guard let address = take(expected: "an address such as 10.0.0.7") else { return nil }
                guard let bytes = IPAddress.bytes(of: address.text) else {
                    fail(
                        at: address.place, "\(address.shown) is not an address",
                        expected: "an address such as 10.0.0.7",
                        hint: address.text.utf8.contains(UInt8(ascii: "/")) ? "an expectation is about one client" : nil
                    )
                    return nil
                }
                (circumstances.address, circumstances.addressText) = (bytes, address.text)
            case "claim":
                guard case .signedIn = caller else {
                    fail(at: word.place, "nobody has no claims", expected: "as user claim NAME is VALUE")
                    return nil
                }
                guard let name = claimName(), let values = stated("claim NAME", allowsList: true) else { return nil }
                circumstances.claims[name, default: []] += values
            case "header":
                guard let name = headerName(), let values = stated("header NAME", allowsList: false) else { return nil }
                circumstances.headers += values.map { (name.value, $0) }
            default:
                guard let seconds = instant() else { return nil }
                circumstances.unixSeconds = seconds
            }
        }
        circumstances.text = directive.words[start..<position].map(\.written).joined(separator: " ")
        return circumstances
    }

    static let circumstanceWords = ["from", "claim", "header", "at"]

    /// `is VALUE`, or `in VALUE…` for a list.
    private mutating func stated(_ what: String, allowsList: Bool) -> [String]? {
        let expected = allowsList ? "\(what) is VALUE, or \(what) in VALUE…" : "\(what) is VALUE"
        guard let word = take(expected: expected) else { return nil }
        if word.isKeyword("is") { return value(expected: expected).map { [$0] } }
        if allowsList, word.isKeyword("in") {
            let values = values(expected: expected)
            return values.isEmpty ? nil : values
        }
        fail(at: word.place, "`\(word.written)` stands where `is` belongs", expected: expected)
        return nil
    }

    /// `wed 14:30` or `2026-12-24T14:30Z`.
    private mutating func instant() -> Int64? {
        let expected = "at wed 14:30, or at 2026-12-24T14:30Z, in UTC"
        guard let word = take(expected: expected) else { return nil }
        if let seconds = TimeWindow.instant(word.text) { return seconds }
        if TimeWindow.dayNames.contains(word.text) {
            guard let time = take(expected: expected) else { return nil }
            if let minute = TimeWindow.minute(time.text) {
                return TimeWindow.instant(weekday: word.text, minute: minute)
            }
        }
        fail(at: word.place, "`\(word.written)` does not say when", expected: expected)
        return nil
    }
}
