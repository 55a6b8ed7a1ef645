import CLinux

/// The engine for kernels and sandboxes without io_uring: the kernel says which socket is ready, and the socket then
/// receives and sends itself.
struct Epoll: ~Copyable {
    private let descriptor: Int32
    private var events = [gh_event](repeating: gh_event(), count: 256)

    /// - Throws: when the kernel gives no descriptor.
    init() throws(IOError) {
        descriptor = gh_epoll_create()
        guard descriptor >= 0 else { throw IOError(result: Int(descriptor)) }
    }

    deinit { if descriptor >= 0 { gh_close(descriptor) } }

    /// Watches a connection in both directions, each change told once.
    func add(_ descriptor: Int32, token: UInt64) throws(IOError) {
        let result = gh_epoll_add_edge(self.descriptor, descriptor, token)
        guard result >= 0 else { throw IOError(result: Int(result)) }
    }

    /// Watches a listener or an eventfd for as long as there is something to read.
    func addReading(_ descriptor: Int32, token: UInt64) throws(IOError) {
        let result = gh_epoll_add_level(self.descriptor, descriptor, token)
        guard result >= 0 else { throw IOError(result: Int(result)) }
    }

    func remove(_ descriptor: Int32) { _ = gh_epoll_remove(self.descriptor, descriptor) }

    /// Waits for events, for ever with a timeout of -1; their number.
    mutating func wait(milliseconds: Int32) -> Int {
        let epoll = descriptor
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            unsafe gh_epoll_wait(epoll, buffer.baseAddress, Int32(buffer.count), milliseconds)
        }
        return max(Int(count), 0)
    }

    /// One of the events of the last `wait`.
    subscript(index: Int) -> gh_event { events[index] }
}
