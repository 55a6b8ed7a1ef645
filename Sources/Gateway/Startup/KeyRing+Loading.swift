import Config
import EventLoop
import Tokens

extension KeyRing {
    /// No key is longer; a file that is was named by mistake.
    private static let keyFileBytesMax = 64 * 1024

    /// Reads the keys that the configuration names. Each that cannot be used becomes an error at its line.
    ///
    /// - Returns: nil when there is any such error; none at all only beside a ring in the database.
    static func load(_ sources: [Located<Configuration.KeySource>], problems: inout Problems) -> [TokenKey]? {
        var keys: [TokenKey] = []
        for source in sources {
            if let key = load(source.value, at: source.place, problems: &problems) { keys.append(key) }
        }
        guard keys.count == sources.count else { return nil }
        guard let first = sources.first else { return [] }
        do {
            return try KeyRing(keys).keys
        } catch {
            problems.error(at: first.place, "the keys cannot be used together: \(error)")
            return nil
        }
    }

    private static func load(
        _ source: Configuration.KeySource, at place: Place, problems: inout Problems
    ) -> TokenKey? {
        let algorithm = Algorithm(source.algorithm)
        do {
            switch source.source {
            case .environment(_, let value):
                return try TokenKey.load(algorithm: algorithm, material: value.bytes.span)
            case .file(let path, let readable):
                let file = try FileSystem.read(path, bytesMax: keyFileBytesMax)
                if !readable, file.status.othersCanRead, !file.status.isInMemory, isSecret(file.bytes, algorithm) {
                    problems.error(
                        at: place, "\(path) holds a secret, and everybody on this machine may read it",
                        expected: "a file that only the gateway can read: chmod 600 \(path)",
                        hint: "write `readable` behind the name if that is meant so")
                    return nil
                }
                if file.bytes.isEmpty {
                    problems.error(at: place, "\(path) is empty", hint: makeHint(source))
                    return nil
                }
                if algorithm == .hs256 {
                    guard isFit(file.bytes, named: path, at: place, problems: &problems) else { return nil }
                }
                return try TokenKey.load(algorithm: algorithm, material: file.bytes.span)
            }
        } catch let problem as FileProblem {
            problems.error(at: place, "\(problem)", hint: problem.isMissing ? makeHint(source) : nil)
        } catch {
            problems.error(
                at: place, "\(name(of: source.source)) cannot be used as an \(algorithm.word) key: \(error)",
                hint: makeHint(source))
        }
        return nil
    }

    /// The same that the configuration asks of a secret from the environment.
    private static func isFit(_ secret: [UInt8], named path: String, at place: Place, problems: inout Problems) -> Bool
    {
        if let objection = SharedSecret.objection(to: secret) {
            problems.error(
                at: place, "the secret in \(path) \(objection)", expected: SharedSecret.expected,
                hint: SharedSecret.recipe)
            return false
        }
        if let doubt = SharedSecret.doubt(about: secret) {
            problems.warning(at: place, "the secret in \(path) \(doubt)", hint: SharedSecret.recipe)
        }
        return true
    }

    /// A public key is nobody's secret: a gateway that only verifies may read it from a file that all may read.
    private static func isSecret(_ bytes: [UInt8], _ algorithm: Algorithm) -> Bool {
        algorithm == .hs256 || !bytes.starts(with: Array("-----BEGIN PUBLIC KEY-----".utf8))
    }

    private static func name(of source: Configuration.KeySource.Source) -> String {
        switch source {
        case .file(let path, _): path
        case .environment(let name, _): "the variable \(name)"
        }
    }

    private static func makeHint(_ source: Configuration.KeySource) -> String {
        let recipe =
            switch source.algorithm {
            case .es256: "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
            case .rs256: "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072"
            case .eddsa: "openssl genpkey -algorithm ED25519"
            case .hs256: "openssl rand -base64 48"
            }
        guard case .file(let path, _) = source.source else { return "make one: \(recipe)" }
        return "restore it, or make another, with which clients refresh once: (umask 077; \(recipe) >\(path))"
    }
}

extension Algorithm {
    /// As gateway.conf names it.
    init(_ named: Configuration.KeySource.Algorithm) {
        self =
            switch named {
            case .hs256: .hs256
            case .es256: .es256
            case .rs256: .rs256
            case .eddsa: .eddsa
            }
    }
}
