import Config
import EventLoop

extension Surroundings {
    /// The world as it is: this machine's files and this process's environment.
    package static let system = Surroundings(
        read: { path, bytesMax in
            do throws(FileProblem) {
                return try FileSystem.read(path, bytesMax: bytesMax).bytes
            } catch {
                throw Why(description: error.reason)
            }
        },
        list: { pattern in
            do throws(FileProblem) {
                return try FileSystem.glob(pattern)
            } catch {
                throw Why(description: error.reason)
            }
        },
        environment: { name in FileSystem.environment(name) })

    /// The kernel's reason alone: the message that it becomes a part of names the file.
    private struct Why: Error, CustomStringConvertible {
        let description: String
    }
}
