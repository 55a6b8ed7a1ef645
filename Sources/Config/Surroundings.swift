/// What reading a configuration needs from the world. The room itself opens nothing, so a test can give it a world of
/// three lines.
package struct Surroundings: Sendable {
    /// The bytes of a file: all of them, or the first `bytesMax` of a larger one (so that a file of 100 MiB is refused
    /// without being read whole). What it throws is shown to people.
    package var read: @Sendable (_ path: String, _ bytesMax: Int) throws -> [UInt8]
    /// The files that a pattern with `*`, `?` or `[…]` names, in any order; none is no error.
    package var list: @Sendable (_ pattern: String) throws -> [String]
    /// A variable of the environment, nil when it is not set.
    package var environment: @Sendable (_ name: String) -> String?

    package init(
        read: @escaping @Sendable (_ path: String, _ bytesMax: Int) throws -> [UInt8],
        list: @escaping @Sendable (_ pattern: String) throws -> [String],
        environment: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.read = read
        self.list = list
        self.environment = environment
    }
}
