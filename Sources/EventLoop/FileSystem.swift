import CLinux
import Glibc

/// The few things the gateway does with files: all at start, at reload and on the command line, never on a core while it
/// serves, because every call here may block.
package enum FileSystem {
    /// The whole of a file, and the status of the very file that was read: status and bytes come from one descriptor, so
    /// that nobody can change the file between the check of its mode and the reading of the key.
    ///
    /// - Parameter patienceMilliseconds: how long a pipe or a device may say nothing: a reload must not wait for ever for a
    ///   writer who never comes.
    /// - Throws: `EFBIG` when the file holds more than `bytesMax` bytes; devices and pipes are read up to the same bound.
    ///   `ETIME` when one of them says nothing.
    package static func read(
        _ path: String, bytesMax: Int, patienceMilliseconds: Int32 = 5000
    ) throws(FileProblem) -> FileContents {
        let file = try File(opening: path, flags: O_RDONLY | O_NOCTTY | O_NONBLOCK, action: "read")
        let status = try file.status(path: path)
        if status.kind == .directory { throw FileProblem(action: "read", path: path, code: EISDIR) }
        let patience = status.kind == .regular ? nil : patienceMilliseconds
        return FileContents(
            bytes: try file.readAll(path: path, bytesMax: bytesMax, patienceMilliseconds: patience), status: status)
    }

    /// By `O_PATH`, which opens nothing: to close any other descriptor of a file ends all locks of fcntl(2) that this process
    /// has on it, and SQLite's are such. Another process would then take the database for one that nobody uses, and remove
    /// the log that is being written.
    ///
    /// - Throws: `ENOENT` (`isMissing`) among others.
    package static func status(_ path: String) throws(FileProblem) -> FileStatus {
        let file = try File(opening: path, flags: GH_O_PATH, action: "look at")
        return try file.status(path: path)
    }

    package static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Writes a file that did not exist, with exactly this mode whatever the umask, and returns once the disk has it.
    ///
    /// Nothing is ever overwritten and no symbolic link is followed: a key is created, or the call fails with `EEXIST`
    /// (`alreadyExists`). A file that could not be written to its end is removed again.
    package static func create(
        _ path: String, contents: borrowing Span<UInt8>, mode: UInt32
    ) throws(FileProblem) {
        let file = try File(
            opening: path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, action: "create")
        do {
            try file.setMode(mode, path: path)
            try file.writeAll(contents, path: path)
            try file.synchronize(path: path)
        } catch {
            unsafe unlink(path)
            throw error
        }
        try synchronizeDirectory(parent(of: path))
    }

    /// Puts new contents in the place of a file in one step: whoever reads it gets the whole old or the whole new one.
    ///
    /// The new file has the mode of the old one and this process's owner. Through a symbolic link, the link itself is replaced:
    /// pass the path it leads to.
    package static func replace(_ path: String, contents: borrowing Span<UInt8>) throws(FileProblem) {
        let mode = try status(path).mode
        let new = path + ".new"
        try create(new, contents: contents, mode: mode)
        guard unsafe rename(new, path) == 0 else {
            let code = errno
            unsafe unlink(new)
            throw FileProblem(action: "replace", path: path, code: code)
        }
        try synchronizeDirectory(parent(of: path))
    }

    /// Takes back what `create` has made.
    package static func remove(_ path: String) throws(FileProblem) {
        if unsafe unlink(path) != 0 { throw FileProblem(action: "remove", path: path, code: errno) }
    }

    /// Makes a directory and those above it that are missing, each with this mode less the umask.
    package static func makeDirectory(_ path: String, mode: UInt32) throws(FileProblem) {
        guard !path.isEmpty, unsafe mkdir(path, mode_t(mode)) != 0 else { return }
        let code = errno
        switch code {
        case EEXIST:
            if try status(path).kind == .directory { return }
            throw FileProblem(action: "create", path: path, code: ENOTDIR)
        case ENOENT where parent(of: path) != path:
            try makeDirectory(parent(of: path), mode: mode)
            guard unsafe mkdir(path, mode_t(mode)) == 0 || errno == EEXIST else {
                throw FileProblem(action: "create", path: path, code: errno)
            }
        default:
            throw FileProblem(action: "create", path: path, code: code)
        }
    }

    /// The paths that match a shell pattern (glob(7)), in byte order. None is an empty list, not an error.
    package static func glob(_ pattern: String) throws(FileProblem) -> [String] {
        var found = unsafe glob_t()
        // GLOB_ERR: a directory that cannot be read is reported, never taken for an empty one.
        let answer = unsafe Glibc.glob(pattern, GLOB_ERR, nil, &found)
        defer { unsafe globfree(&found) }
        switch answer {
        case 0:
            var paths: [String] = []
            for index in 0..<Int(unsafe found.gl_pathc) {
                guard let path = unsafe found.gl_pathv[index] else { continue }
                paths.append(unsafe String(cString: path))
            }
            // Sorted here, because glob(3) sorts by the locale, and the order of included files must not depend on it.
            return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        case GLOB_NOMATCH: return []
        default: throw FileProblem(action: "list", path: pattern, code: errno == 0 ? EIO : errno)
        }
    }

    /// A variable of the process's environment, as its bytes.
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// The directory a path lies in: `a/b` is in `a`, `b` in `.`, `/b` in `/`.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A new name is on the disk only when its directory is.
    private static func synchronizeDirectory(_ path: String) throws(FileProblem) {
        let directory = try File(opening: path, flags: O_RDONLY | O_DIRECTORY, action: "synchronize")
        try directory.synchronize(path: path)
    }
}

/// The bytes of a file and the status of the file they came from.
package struct FileContents: Sendable {
    package let bytes: [UInt8]
    package let status: FileStatus
}

/// What the kernel says about a file.
package struct FileStatus: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case regular, directory, other }

    package let kind: Kind
    /// The permission bits only: `0o600`.
    package let mode: UInt32
    package let ownerID: UInt32
    /// True on tmpfs and ramfs, where secrets are mounted for containers.
    package let isInMemory: Bool

    package init(kind: Kind, mode: UInt32, ownerID: UInt32, isInMemory: Bool) {
        self.kind = kind
        self.mode = mode
        self.ownerID = ownerID
        self.isInMemory = isInMemory
    }

    /// Anyone but the owner and the group may read it. A group is a choice its administrator made.
    package var othersCanRead: Bool { mode & 0o004 != 0 }
}
