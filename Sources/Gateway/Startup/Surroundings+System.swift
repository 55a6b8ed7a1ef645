import Config
import EventLoop

extension Surroundings {
    /// The world as it is: this machine's files and this process's environment.
    package static let system = Surroundings(
        read: { path, bytesMax in try FileSystem.read(path, bytesMax: bytesMax).bytes },
        list: { pattern in try FileSystem.glob(pattern) },
        environment: { name in FileSystem.environment(name) })
}
