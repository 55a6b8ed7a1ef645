import Foundation

/// Whether this machine lets the tests mount file systems.
enum Filesystem {
    static let canMount: Bool = {
        guard getuid() == 0, let disk = try? SmallDisk(kilobytes: 64) else { return false }
        disk.unmount()
        return true
    }()
}

/// A tmpfs of a few kilobytes, to run out of space on.
final class SmallDisk: Sendable {
    private let folder: TemporaryFolder

    init(kilobytes: Int) throws {
        folder = try TemporaryFolder("disk")
        let mounted = try ChildProcess.run([
            "/usr/bin/env", "mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path,
        ])
        guard mounted.ending == .exit(0) else { throw Failure("mount: \(mounted.errors)") }
    }

    func file(_ name: String) -> String { folder.file(name) }

    /// Takes all the space that is left.
    func fill() throws {
        let descriptor = open(file("filler"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure.kernel("open") }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
    }

    /// Gives the space back.
    func empty() throws { try FileManager.default.removeItem(atPath: file("filler")) }

    func unmount() {
        _ = try? ChildProcess.run(["/usr/bin/env", "umount", "-l", folder.path])
        folder.remove()
    }
}
