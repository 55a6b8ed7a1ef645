extension Draft {
    /// One of a few words.
    mutating func choice(_ known: [String]) -> (text: String, word: Word)? {
        let others = known.dropLast().joined(separator: ", ")
        let expected = others.isEmpty ? (known.last ?? "") : "\(others) or \(known.last ?? "")"
        guard let word = take(expected: expected) else { return nil }
        if known.contains(word.text) { return (word.text, word) }
        fail(
            at: word.place, "\(word.shown) cannot stand here", expected: expected,
            hint: NearestWord.hint(for: word.text, among: known))
        return nil
    }

    mutating func onOff() -> Bool? { choice(["on", "off"]).map { $0.text == "on" } }

    mutating func count(in range: ClosedRange<Int>, of what: String) -> Int? {
        let expected = "\(what) from \(range.lowerBound) to \(range.upperBound)"
        guard let word = take(expected: expected) else { return nil }
        if let value = try? Quantity.count(word.text), range.contains(value) { return value }
        fail(at: word.place, "\(word.shown) is not \(what) that can be used", expected: expected)
        return nil
    }

    /// Milliseconds.
    mutating func duration(in range: ClosedRange<Int>) -> Int? {
        let expected =
            "a duration from \(Quantity.text(milliseconds: range.lowerBound)) to "
            + "\(Quantity.text(milliseconds: range.upperBound)), such as 500ms, 30s, 15m, 12h or 7d"
        guard let word = take(expected: expected) else { return nil }
        do {
            let value = try Quantity.milliseconds(word.text)
            if range.contains(value) { return value }
            fail(
                at: word.place, "\(word.shown) is too \(value < range.lowerBound ? "short" : "long")",
                expected: expected)
        } catch .unitMissing {
            fail(
                at: word.place, "\(word.shown) has no unit", expected: expected,
                hint: word.isFromEnvironment ? nil : "did you mean `\(word.text)s`?")
        } catch .unknownUnit(let unit) {
            fail(at: word.place, "`\(unit)` is not a unit of time", expected: expected)
        } catch .tooLarge {
            fail(at: word.place, "\(word.shown) is too long", expected: expected)
        } catch {
            fail(at: word.place, "\(word.shown) is not a duration", expected: expected)
        }
        return nil
    }

    /// Whole seconds.
    mutating func seconds(in range: ClosedRange<Int>) -> Int? {
        let word = peek
        guard let milliseconds = duration(in: (range.lowerBound * 1_000)...(range.upperBound * 1_000)) else {
            return nil
        }
        if milliseconds.isMultiple(of: 1_000) { return milliseconds / 1_000 }
        if let word { fail(at: word.place, "\(word.shown) is not a whole number of seconds") }
        return nil
    }

    /// Bytes.
    mutating func size(in range: ClosedRange<Int>) -> Int? {
        let expected =
            "a size from \(Quantity.text(bytes: range.lowerBound)) to "
            + "\(Quantity.text(bytes: range.upperBound)), such as 512, 10k or 1m"
        guard let word = take(expected: expected) else { return nil }
        do {
            let value = try Quantity.bytes(word.text)
            if range.contains(value) { return value }
            fail(
                at: word.place, "\(word.shown) is too \(value < range.lowerBound ? "small" : "large")",
                expected: expected)
        } catch .unknownUnit(let unit) {
            fail(at: word.place, "`\(unit)` is not a unit of size", expected: expected, hint: "k, m and g are")
        } catch {
            fail(at: word.place, "\(word.shown) is not a size", expected: expected)
        }
        return nil
    }

    /// The path of a file, resolved against the file that names it.
    mutating func path(expected: String) -> Located<String>? {
        guard let word = take(expected: expected) else { return nil }
        guard !word.text.isEmpty else {
            fail(at: word.place, "the name of the file is empty", expected: expected)
            return nil
        }
        return Located(FilePath.resolved(word.text, against: word.place.file), at: word.place)
    }

    /// A name that logs, headers and commands can carry unquoted.
    mutating func name(_ kind: Name) -> Located<String>? {
        guard let word = take(expected: kind.grammar) else { return nil }
        guard kind.allows(word.text) else {
            fail(at: word.place, "\(word.shown) is not \(kind.article) name", expected: kind.grammar)
            return nil
        }
        return Located(word.text, at: word.place)
    }

    /// What a name is of, and which bytes it may have.
    enum Name {
        case role, upstream, variable, policy, issuer

        static let bytesMax = 128

        var article: String {
            switch self {
            case .role: "a role"
            case .upstream: "an upstream"
            case .variable: "an environment variable's"
            case .policy: "a policy"
            case .issuer: "an issuer's"
            }
        }

        var grammar: String {
            switch self {
            // A comma would forge a role in X-User-Roles.
            case .role: "a role name: letters, digits and . _ : -"
            case .upstream: "the name of an upstream: letters, digits and . _ -"
            case .variable: "the name of an environment variable: letters, digits and _"
            case .policy: "the name of a policy: letters, digits and . _ -"
            // A colon ends it in X-User-Id.
            case .issuer: "a name for the issuer: letters, digits and . _ -"
            }
        }

        func allows(_ text: String) -> Bool {
            guard (1...Self.bytesMax).contains(text.utf8.count) else { return false }
            let extra: String =
                switch self {
                case .role: "._:-"
                case .upstream, .policy, .issuer: "._-"
                case .variable: "_"
                }
            return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || extra.utf8.contains($0) }
        }
    }

    /// HOST:PORT or unix:/path.
    mutating func address(expected: String, toListen: Bool) -> Located<ListenAddress>? {
        guard let word = take(expected: expected) else { return nil }
        do {
            let address = try ListenAddress(
                word.text, relativeTo: word.place.file, allowsAnyHost: toListen, allowsAnyPort: toListen)
            return Located(address, at: word.place)
        } catch {
            fail(
                at: word.place, "\(word.shown) is not an address", expected: expected,
                hint: Self.hint(for: error, of: word, toListen: toListen))
            return nil
        }
    }

    private static func hint(for mistake: ListenAddress.Mistake, of word: Word, toListen: Bool) -> String? {
        if word.isFromEnvironment { return nil }
        switch mistake {
        case .scheme:
            return String(loweringASCII: word.text).hasPrefix("https://") && !toListen
                ? "TLS to upstreams is \(NotBuiltYet.phrase)" : "leave the scheme out: HOST:PORT"
        case .portMissing:
            let isPort = ListenAddress.port(Array(word.text.utf8)) != nil
            return isPort && toListen ? "`:\(word.text)` is that port on every address" : "a port is missing"
        case .badPort: return "a port is a number from 1 to 65535"
        case .badHost:
            return word.text.utf8.first == UInt8(ascii: "*") ? "leave the host out for every address: `:PORT`" : nil
        case .bracketsMissing: return "an IPv6 address stands in brackets: [::1]:8080"
        case .hostMissing: return "which host?"
        case .badSocketPath: return "the path of a Unix socket has from 1 to 107 bytes"
        }
    }
}
