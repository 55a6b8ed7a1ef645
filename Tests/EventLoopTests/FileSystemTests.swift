import Foundation
import Testing

@testable import EventLoop

@Suite("Files")
struct FileSystemTests {
    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "files-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { directory + "/" + name }

    func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws {
        try FileSystem.create(path, contents: bytes.span, mode: mode)
    }

    @Test("looking at a file ends no lock that this process has on it")
    func statusKeepsLocks() throws {
        let path = path("locked")
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        var lock = flock()
        (lock.l_type, lock.l_whence, lock.l_len) = (Int16(F_WRLCK), Int16(SEEK_SET), 1)
        #expect(fcntl(descriptor, F_SETLK, &lock) == 0)
        let inode = try #require(
            FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
        func isLocked() throws -> Bool {
            try String(contentsOfFile: "/proc/locks", encoding: .utf8).contains(":\(inode) 0 0")
        }
        #expect(try isLocked())
        _ = try FileSystem.status(path)
        #expect(try isLocked())
    }

    @Test("what is created can be read back, with exactly the mode that was asked for")
    func roundTrip() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try create(path("key"), bytes, mode: 0o600)
        let contents = try FileSystem.read(path("key"), bytesMax: 100_000)
        #expect(contents.bytes == bytes)
        #expect(contents.status.mode == 0o600)
        #expect(contents.status.kind == .regular)
        #expect(contents.status.ownerID == geteuid())
        #expect(!contents.status.othersCanRead)
        try create(path("open"), [], mode: 0o666)
        #expect(try FileSystem.status(path("open")).othersCanRead)
    }

    @Test("a pipe is read to its end, and given up when nobody writes into it")
    func pipe() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try #require(mkfifo(path("pipe"), 0o600) == 0)
        let problem = #expect(throws: FileProblem.self) {
            try FileSystem.read(path("pipe"), bytesMax: 10, patienceMilliseconds: 20)
        }
        #expect(problem?.code == ETIME)
        let name = path("pipe")
        Thread.detachNewThread {
            // Opening waits for the reader.
            guard let writer = FileHandle(forWritingAtPath: name) else { return }
            writer.write(Data("public".utf8))
            try? writer.close()
        }
        #expect(try FileSystem.read(name, bytesMax: 10).bytes == Array("public".utf8))
    }

    @Test("nothing is overwritten, also not through a symbolic link")
    func exclusive() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try create(path("key"), [1], mode: 0o600)
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: path("elsewhere"))
        for name in ["key", "link"] {
            let problem = #expect(throws: FileProblem.self) {
                try create(path(name), [2], mode: 0o600)
            }
            #expect(problem?.alreadyExists == true)
        }
        #expect(try FileSystem.read(path("key"), bytesMax: 10).bytes == [1])
        #expect(!FileSystem.exists(path("elsewhere")))
    }

    @Test("a file above the bound is refused instead of read")
    func bound() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try create(path("large"), [UInt8](repeating: 0, count: 1001), mode: 0o600)
        let problem = #expect(throws: FileProblem.self) { try FileSystem.read(path("large"), bytesMax: 1000) }
        #expect(problem?.code == EFBIG)
        #expect(throws: FileProblem.self) { try FileSystem.read("/dev/zero", bytesMax: 1000) }
    }

    @Test("a problem names the path and the kernel's reason")
    func problems() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let missing = #expect(throws: FileProblem.self) { try FileSystem.read(path("none"), bytesMax: 1) }
        #expect(missing?.isMissing == true)
        #expect(missing?.description == "cannot read \(path("none")): No such file or directory")
        let folder = #expect(throws: FileProblem.self) { try FileSystem.read(directory, bytesMax: 1) }
        #expect(folder?.reason == "Is a directory")
    }

    @Test("patterns find files in byte order, and finding none is no error")
    func patterns() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for name in ["b.conf", "B.conf", "a.conf", "c.txt"] {
            try create(path(name), [], mode: 0o600)
        }
        #expect(try FileSystem.glob(path("*.conf")) == ["B.conf", "a.conf", "b.conf"].map(path))
        #expect(try FileSystem.glob(path("*.none")) == [])
    }

    @Test("directories are made with those above them, and one that is there is well")
    func directories() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileSystem.makeDirectory(path("a/b/c"), mode: 0o700)
        try FileSystem.makeDirectory(path("a/b/c"), mode: 0o700)
        #expect(try FileSystem.status(path("a/b/c")).kind == .directory)
        try create(path("file"), [], mode: 0o600)
        #expect(throws: FileProblem.self) { try FileSystem.makeDirectory(path("file"), mode: 0o700) }
        #expect(throws: FileProblem.self) { try FileSystem.makeDirectory(path("file/below"), mode: 0o700) }
    }

    @Test("secrets on tmpfs are recognised", .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func inMemory() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "/dev/shm/gatehouse-" + UUID().uuidString
        defer { unlink(path) }
        try create(path, [1], mode: 0o644)
        #expect(try FileSystem.read(path, bytesMax: 1).status.isInMemory)
        #expect(try FileSystem.status("/proc/self/stat").isInMemory == false)
    }

    @Test("the directory of a path", arguments: [("a/b", "a"), ("b", "."), ("/b", "/"), ("/a/b/c", "/a/b")])
    func parent(path: String, expected: String) {
        #expect(FileSystem.parent(of: path) == expected)
    }
}
