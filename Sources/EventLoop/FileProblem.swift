import Glibc

/// A call on a file that failed: what was tried, on which path, and the kernel's reason.
package struct FileProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried, as a verb: "read", "create".
    package let action: String
    package let path: String
    /// The value of `errno`.
    package let code: Int32

    package init(action: String, path: String, code: Int32) {
        self.action = action
        self.path = path
        self.code = code
    }

    /// The kernel's reason alone: "No such file or directory".
    package var reason: String { FileProblem.reason(of: code) }

    /// For people: `cannot read keys/access.pem: No such file or directory`.
    package var description: String { "cannot \(action) \(path): \(reason)" }

    package var isMissing: Bool { code == ENOENT }
    package var alreadyExists: Bool { code == EEXIST }

    /// The text of an `errno` value; glibc keeps it per thread.
    package static func reason(of code: Int32) -> String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
