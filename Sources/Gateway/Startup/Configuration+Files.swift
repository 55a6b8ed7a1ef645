import Config
import EventLoop

extension Configuration {
    /// Files that others on the machine can read and should not. Keys are looked at where they are read.
    func lintFiles(problems: inout Problems) {
        guard case .sqlite(let path) = database, let status = try? FileSystem.status(path), status.othersCanRead else {
            return
        }
        let place = databasePlace ?? Place(file: path, line: 1, column: 1, width: 0)
        problems.warning(
            at: place, "everybody on this machine can read \(path), which holds every password's hash",
            hint: "chmod 600 \(path)")
    }
}
