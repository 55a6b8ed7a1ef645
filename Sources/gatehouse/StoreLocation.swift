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
    func openStore(isTellingAudit: Bool = true, mayCreate: Bool = false) throws -> Store {
        if case .sqlite(let path) = configuration.database, !mayCreate, !FileSystem.exists(path) {
            throw CommandFailure(
                "there is no database \(path): `gatehouse run` makes it; or `database` names the wrong file")
        }
        let chain = AuditChain(keys: auditKeys) { line in
            if isTellingAudit { StandardStreams.reportError("gatehouse: \(line)") }
        }
        return try Store.open(configuration.database.location, sealing: chain)
    }
}
