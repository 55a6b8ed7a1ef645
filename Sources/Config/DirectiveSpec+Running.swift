extension DirectiveSpec {
    /// How the process runs and what it tells its operators.
    static let running: [DirectiveSpec] = [
        DirectiveSpec(
            name: "admin", context: .top, arguments: "HOST:PORT | [IPV6]:PORT | :PORT | unix:PATH", standard: "none",
            purpose: """
                Where `/healthz`, `/readyz`, `/metrics`, `/status` and `/shadow` are answered. They ask for no token, so the \
                address must not be reachable from outside; it cannot be one of those under `listen`.
                """
        ) { draft in
            let expected = "HOST:PORT, [IPV6]:PORT, :PORT or unix:PATH"
            if let address = draft.address(expected: expected, toListen: true) { draft.configuration.admin = address }
        },
        DirectiveSpec(
            name: "access-log", context: .top, arguments: "off | stdout | FILE [json | combined]",
            standard: "stdout json",
            purpose: """
                One line for each request, without tokens, cookies and query values. `combined` is the format of \
                Apache and nginx. After moving a log FILE away, send USR1 to have it opened anew.
                """
        ) { $0.readAccessLog() },
        DirectiveSpec(
            name: "workers", context: .top, arguments: "COUNT", standard: "one for each core",
            purpose: "How many cores to use, each with its own listener, connections and caches."
        ) { draft in
            if let count = draft.count(in: 1...1_024, of: "a number of cores") { draft.configuration.workers = count }
        },
        DirectiveSpec(
            name: "bcrypt-cost", context: .top, arguments: "COST", standard: "12",
            purpose: """
                The work in a password's hash: each step doubles it. 12 is about a quarter of a second. Stored hashes \
                of another cost are renewed when their owner logs in.
                """
        ) { draft in
            if let cost = draft.count(in: 4...16, of: "a cost") { draft.configuration.bcryptCost = cost }
        },
        DirectiveSpec(
            name: "password-strength", context: .top, arguments: "BITS", standard: "20",
            purpose: """
                How hard to guess a new password must be, in bits as zxcvbn estimates them; the email and the name of \
                the user count as guessed. 0 checks the length only.
                """
        ) { draft in
            if let bits = draft.count(in: 0...128, of: "a number of bits") {
                draft.configuration.passwordStrengthBits = bits
            }
        },
        DirectiveSpec(
            name: "io-engine", context: .top, arguments: "auto | io_uring | epoll", standard: "auto",
            purpose: """
                How the kernel is asked for input and output. `io_uring` costs less, and needs Linux 6.1 or later and a \
                sandbox that lets it through; without it the gateway does not start. `auto` takes it where it is to be \
                had and `epoll` elsewhere, and the gateway says at its start which one it is.
                """
        ) { draft in
            let known = Configuration.IOEngine.allCases.map(\.rawValue)
            if let choice = draft.choice(known), let engine = Configuration.IOEngine(rawValue: choice.text) {
                draft.configuration.ioEngine = engine
            }
        },
        DirectiveSpec(
            name: "drain-grace", context: .top, arguments: "DURATION", standard: "30s",
            purpose: "How long requests in flight may go on after TERM; then their connections are closed."
        ) { draft in
            if let milliseconds = draft.duration(in: 0...3_600_000) { draft.configuration.drainGraceMs = milliseconds }
        },
        DirectiveSpec(
            name: "revocation-stale-max", context: .top, arguments: "DURATION", standard: "5m",
            purpose: """
                How long the gateway goes on with the ended sessions it knows of while the database cannot be read. \
                After that, whether a token is still good is anybody's guess, and requests with one are answered 503.
                """
        ) { draft in
            if let seconds = draft.seconds(in: 1...(30 * 86_400)) {
                draft.configuration.revocationStaleMaxSeconds = seconds
            }
        },
    ]
}

extension Draft {
    fileprivate mutating func readAccessLog() {
        let expected = "off, stdout or a FILE"
        guard let word = take(expected: expected) else { return }
        let formats = Configuration.AccessLog.Format.allCases.map(\.rawValue)
        switch word.text {
        case "off":
            configuration.accessLog.target = .off
            return
        case "stdout": configuration.accessLog.target = .stdout
        case "", "on", "stderr", "json", "combined":
            fail(
                at: word.place, "\(word.shown) does not say where the log goes", expected: expected,
                hint: formats.contains(word.text) ? "the format comes second: access-log stdout \(word.text)" : nil)
            return skipRest()
        default: configuration.accessLog.target = .file(path: FilePath.resolved(word.text, against: word.place.file))
        }
        guard peek != nil else { return }
        if let choice = choice(formats), let format = Configuration.AccessLog.Format(rawValue: choice.text) {
            configuration.accessLog.format = format
        }
    }
}
