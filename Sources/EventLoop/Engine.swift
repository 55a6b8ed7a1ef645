/// How a loop asks the kernel for input and output.
package enum Engine: String, Sendable, CaseIterable {
    /// Readiness, and one system call for each receive and send. Works everywhere.
    case epoll
    /// Completion: one system call for all that a turn of the loop has to say. Linux 6.1 or later.
    case ioUring = "io_uring"

    /// Why loops of this kind cannot be had here; nil when they can.
    package var unavailability: IOError? {
        guard self == .ioUring else { return nil }
        do throws(IOError) {
            let ring = try Ring()
            defer { ring.destroy() }
            try ring.enable()
            ring.leave()
            return nil
        } catch {
            return error
        }
    }
}
