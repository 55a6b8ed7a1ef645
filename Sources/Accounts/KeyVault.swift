import Crypto
import Encoding
import Storage
import Tokens

/// Why the key ring in the database cannot be read or changed; for an administrator.
package enum KeyRingProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// Rows that the secret does not open.
    case sealedOtherwise(kids: [String])
    case noSigningKey
    case unknownKey(String)
    case presentAlready(String)
    case rotationUnderWay(String, signsAt: Int64)
    /// Its tokens may be alive. For a leaving key: until when.
    case inUse(String, until: Int64?)
    case cannotSign
    case unusable(KeyProblem)

    package var description: String {
        switch self {
        case .sealedOtherwise(let kids):
            "the secret of `key ring` does not open \(kids.joined(separator: ", ")): "
                + "is it the one that the ring was written with?"
        case .noSigningKey: "no key of the ring signs; `gatehouse key rotate` lets one"
        case .unknownKey(let kid): "the ring has no key \(kid)"
        case .presentAlready(let kid): "the ring has the key \(kid) already"
        case .rotationUnderWay(let kid, let signsAt):
            "\(kid) is published already, and signs from \(RFC3339.format(milliseconds: signsAt))"
        case .inUse(let kid, let until?):
            "tokens of \(kid) may be alive, and it leaves by itself at \(RFC3339.format(milliseconds: until)); "
                + "--now refuses them at once"
        case .inUse(let kid, nil):
            "\(kid) signs, and its tokens are alive; rotate, and it leaves by itself; "
                + "--now refuses them at once and lets the next key sign without the usual wait"
        case .cannotSign: "that is only the public half of a key; the ring needs one that signs"
        case .unusable(let problem): "\(problem)"
        }
    }
}

/// The key ring in the database. Blocking; for the store pool and the command line.
package struct KeyVault: Sendable {
    let store: Store
    /// 32 bytes, derived from the configured secret, which is text and may be longer.
    private let sealingKey: Secret
    /// How long the tokens of this gateway live: `access`.
    let tokenSeconds: Int64
    /// A key from a file signs until one of the ring does: then there is no hurry that would excuse signing unpublished.
    let hasOtherSigner: Bool

    package init(store: Store, secret: [UInt8], tokenSeconds: Int64, hasOtherSigner: Bool = false) {
        self.store = store
        self.tokenSeconds = tokenSeconds
        self.hasOtherSigner = hasOtherSigner
        let purpose = Array("gatehouse key ring v1".utf8)
        sealingKey = Secret(HMAC.sha256(key: secret.span, message: purpose.span))
    }

    /// The rows as they are, and the database's clock.
    package struct Reading: Sendable {
        package let rows: [StoredKey]
        package let now: Int64

        package var plan: KeyPlan { KeyPlan(rows, now: now) }
    }

    package func read() throws -> Reading {
        try store.read { transaction in Reading(rows: try transaction.keys(), now: try transaction.now()) }
    }

    /// When a key of a ring in which none signs begins to.
    func firstTurn(_ now: Int64) -> Int64 { hasOtherSigner ? now + KeyPlan.publishedMilliseconds : now }

    /// What a gateway does before it serves: makes the first key when there is none, and notes how long its tokens live.
    package func prepare() throws -> Reading {
        try store.transaction { transaction in
            var rows = try transaction.keys()
            if rows.isEmpty {
                try transaction.lockKeys()
                rows = try transaction.keys()
            }
            let now = try transaction.now()
            if rows.isEmpty {
                let first = try seal(.generate(.es256), createdAt: now, signsAt: firstTurn(now))
                try transaction.insertKey(first)
                try transaction.insertAudit(AuditEvent(.keyAdded, detail: first.id))
                rows = [first]
            }
            let sealed = rows.filter { open($0) == nil }.map(\.id)
            guard sealed.isEmpty else { throw KeyRingProblem.sealedOtherwise(kids: sealed) }
            if rows.contains(where: { $0.tokenSeconds < tokenSeconds }) {
                try transaction.raiseTokenSeconds(to: tokenSeconds)
                rows = try transaction.keys()
            }
            return Reading(rows: rows, now: now)
        }
    }

    /// Deletes the rows of keys whose last token has expired.
    package func sweep() throws {
        guard try !read().plan.gone.isEmpty else { return }
        try store.transaction { transaction in
            try transaction.lockKeys()
            let gone = KeyPlan(try transaction.keys(), now: try transaction.now()).gone
            for kid in gone {
                try transaction.deleteKey(kid)
                try transaction.insertAudit(AuditEvent(.keyExpired, detail: kid))
            }
        }
    }

    // MARK: Material

    /// Nil when the row was sealed with another secret, or has been changed since.
    package func open(_ row: StoredKey) -> TokenKey? {
        try? opened(row)
    }

    private func opened(_ row: StoredKey) throws -> TokenKey {
        guard let algorithm = Algorithm(word: row.algorithm) else { throw KeyRingProblem.unknownKey(row.id) }
        let context = Self.context(row.id, algorithm)
        let material = try SealedBox.open(row.sealed.span, key: sealingKey, context: context.span)
        if algorithm == .hs256 { return try TokenKey(secret: material, id: row.id) }
        let key = try TokenKey.load(algorithm: algorithm, pem: material)
        guard key.id == row.id, key.canSign else { throw KeyRingProblem.unknownKey(row.id) }
        return key
    }

    func seal(_ new: NewKey, createdAt: Int64, signsAt: Int64?) throws -> StoredKey {
        let box = try SealedBox.seal(new.material, key: sealingKey, context: Self.context(new.id, new.algorithm).span)
        return StoredKey(
            id: new.id, algorithm: new.algorithm.word, sealed: box, createdAt: createdAt, signsAt: signsAt,
            tokenSeconds: tokenSeconds)
    }

    /// A box opens only in the row that it was made for.
    private static func context(_ kid: String, _ algorithm: Algorithm) -> [UInt8] {
        Array("gatehouse token key v1\0\(algorithm.word)\0\(kid)".utf8)
    }
}

/// A key that is not in the ring yet.
package struct NewKey: Sendable {
    let id: String
    let algorithm: Algorithm
    let material: Secret

    /// A fresh one. Its name does not begin with `-`, which `gatehouse key retire` would take for an option.
    package static func generate(_ algorithm: Algorithm) throws -> NewKey {
        while true {
            let key = try draw(algorithm)
            if !key.id.hasPrefix("-") { return key }
        }
    }

    /// An HMAC key's name is random, so that it tells nothing of the key.
    private static func draw(_ algorithm: Algorithm) throws -> NewKey {
        switch algorithm {
        case .hs256:
            let name = try Randomness.bytes(12)
            let material = try Randomness.bytes(48)
            return NewKey(id: Base64URL.encode(name.span), algorithm: .hs256, material: Secret(material))
        case .es256: return try pair(.p256)
        case .rs256: return try pair(.rsa)
        case .eddsa: return try pair(.ed25519)
        }
    }

    private static func pair(_ kind: KeyKind) throws -> NewKey {
        let key = try PrivateKey.generate(kind)
        return NewKey(
            id: key.publicKey.parameters.thumbprint, algorithm: Algorithm(kind), material: try key.pem())
    }

    /// One that exists, as it lies in a file. Its `kid` stays what it is beside a `key … file` line, so that its tokens stay good.
    ///
    /// - Throws: `KeyProblem`; `.cannotSign` for a public half.
    package static func load(_ algorithm: Algorithm, material: [UInt8]) throws -> NewKey {
        let key = try TokenKey.load(algorithm: algorithm, material: material.span)
        guard key.canSign else { throw KeyRingProblem.cannotSign }
        if algorithm == .hs256 {
            return NewKey(id: key.id, algorithm: algorithm, material: TokenKey.hmacSecret(material))
        }
        return NewKey(id: key.id, algorithm: algorithm, material: Secret(material))
    }

    private init(id: String, algorithm: Algorithm, material: Secret) {
        self.id = id
        self.algorithm = algorithm
        self.material = material
    }
}
