import CLinux
import Glibc

/// Starts threads with a name. They end when their body returns; nothing joins them.
enum Thread {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    static func start(name: String, _ run: @escaping @Sendable () -> Void) throws(IOError) {
        let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // Swift frames and libpq are content with this; the default of 8 MiB counts against the address space.
        unsafe pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                // The kernel keeps 15 bytes of a name.
                unsafe gh_thread_name(String(body.name.prefix(15)))
                body.run()
                return nil
            }, body.toOpaque())
        if result != 0 {
            unsafe body.release()
            throw .system(errno: result)
        }
    }
}
