import Accounts
import Config
import EventLoop
import Gateway
import Storage

extension Configuration.Database {
    /// The database that gateway.conf names, for the commands that work on it directly.
    var location: Store.Location {
        switch self {
        case .sqlite(let path): .sqlite(path: path)
        case .postgres(let url): .postgres(url: String(decoding: url.bytes, as: UTF8.self))
        }
    }
}

extension LoadedConfiguration {
    /// The database, for commands that change something in it. As in a gateway, each event of the audit is a line on standard
    /// error once it is committed: by the process that did it, so there is one line whether no gateway runs or ten.
    func openStore(
        schema: Store.SchemaPolicy = .migrate, isTellingAudit: Bool = true, mayCreate: Bool = false
    ) throws -> Store {
        if case .sqlite(let path) = configuration.database, !mayCreate, !FileSystem.exists(path) {
            throw CommandFailure(
                "there is no database \(path): `gatehouse run` makes it; or `database` names the wrong file")
        }
        let chain = AuditChain(keys: auditKeys) { line in
            if isTellingAudit { StandardStreams.reportError("gatehouse: \(line)") }
        }
        return try Store.open(configuration.database.location, schema: schema, sealing: chain)
    }
}

extension CommandFailure {
    /// What is wrong with the database, and what to do where that is not plain.
    init(about error: StorageError) {
        switch error {
        case .readOnly:
            self.init(
                "\(error); whoever runs this has to be able to write: on SQLite the user that runs the gateway, "
                    + "on PostgreSQL a server that is no standby")
        case .commitUnknown:
            self.init("\(error); it was done as a whole or not at all: look which, and run this again if not")
        default: self.init("\(error)")
        }
    }
}
