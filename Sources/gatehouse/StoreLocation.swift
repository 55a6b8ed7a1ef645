import Config
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
