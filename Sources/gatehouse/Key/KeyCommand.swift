import Accounts
import ArgumentParser
import Encoding
import Gateway
import Storage
import Tokens

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Look after the key ring in the database.",
        discussion: """
            What is changed here takes hold in running gateways within a second. A key is published for six minutes \
            before it signs, and until its last token has expired. Keys that gateway.conf names by file or variable \
            are fixed, and not part of the ring.
            """,
        subcommands: [KeyListCommand.self, KeyAddCommand.self, KeyRotateCommand.self, KeyRetireCommand.self])
}

/// What every `key` command takes.
struct KeyOptions: ParsableArguments {
    @OptionGroup var configurationOption: ConfigurationOption
    @OptionGroup var json: JSONOption

    /// Opens the database of the configuration and does something with its ring.
    func withVault<Result>(_ body: (KeyVault) throws -> Result) throws -> Result {
        let loaded = try configurationOption.load()
        guard loaded.configuration.tokens.keyRing != nil else {
            throw CommandFailure(
                "\(configurationOption.file) has no `key ring database env NAME`: keys that it names are changed there")
        }
        return try loaded.withVault(schema: .migrate, body)
    }

    /// Says what became of the ring: for a script the whole of it, for people a sentence.
    func show(_ changed: KeyVault.Changed, _ sentence: String) {
        if json.isOn {
            printJSON(KeyReport(reading: changed.reading, changed: changed.kid).json)
        } else {
            print(sentence)
        }
    }

    /// When a key signs, as a part of a sentence.
    func turn(of changed: KeyVault.Changed) -> String {
        guard let entry = changed.reading.plan.entries.first(where: { $0.id == changed.kid }) else { return "is gone" }
        switch entry.state {
        case .signing: return "signs from now on"
        case .waiting:
            return "is published, and signs from \(RFC3339.format(milliseconds: entry.until ?? changed.reading.now))"
        case .standby: return "is published, and signs after `gatehouse key rotate`"
        case .leaving: return "verifies"
        }
    }
}

/// The ring in JSON, and as a table.
struct KeyReport {
    let reading: KeyVault.Reading
    var changed: String?

    var json: [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("kid", ifPresent: changed)
        answer.key("keys")
        answer.beginArray()
        for entry in reading.plan.entries {
            guard let row = reading.rows.first(where: { $0.id == entry.id }) else { continue }
            answer.beginObject()
            answer.member("kid", entry.id)
            answer.member("algorithm", row.algorithm)
            answer.member("state", entry.state.rawValue)
            answer.member("createdAt", RFC3339.format(milliseconds: row.createdAt))
            answer.member("signsAt", ifPresent: row.signsAt.map { RFC3339.format(milliseconds: $0) })
            let leaves = entry.state == .leaving ? entry.until : nil
            answer.member("leavesAt", ifPresent: leaves.map { RFC3339.format(milliseconds: $0) })
            answer.endObject()
        }
        answer.endArray()
        answer.endObject()
        return answer.finish()
    }

    var lines: [String] {
        reading.plan.entries.compactMap { entry in
            guard let row = reading.rows.first(where: { $0.id == entry.id }) else { return nil }
            let time = entry.until.map { RFC3339.format(milliseconds: $0) }
            let words =
                switch entry.state {
                case .standby, .signing: entry.state.rawValue
                case .waiting: "signs from \(time ?? "")"
                case .leaving: "leaves at \(time ?? "")"
                }
            return "\(entry.id)  \(row.algorithm)  \(words)"
        }
    }
}

extension LoadedConfiguration {
    /// Opens the database and does something with the ring in it, which must be configured.
    func withVault<Result>(schema: Store.SchemaPolicy, _ body: (KeyVault) throws -> Result) throws -> Result {
        guard let ring = configuration.tokens.keyRing else { throw CommandFailure("there is no `key ring`") }
        do {
            let store = try Store.open(
                configuration.database.location, schema: schema, sealing: AuditChain(keys: auditKeys))
            defer { store.close() }
            return try body(
                KeyVault(
                    store: store, secret: ring.value.secret.bytes,
                    tokenSeconds: Int64(configuration.tokens.accessSeconds),
                    hasOtherSigner: keys.first?.canSign == true))
        } catch let error as StorageError {
            throw CommandFailure("\(error)")
        } catch let error as KeyRingProblem {
            throw CommandFailure("\(error)")
        } catch let error as KeyProblem {
            throw CommandFailure("\(error)")
        }
    }
}
