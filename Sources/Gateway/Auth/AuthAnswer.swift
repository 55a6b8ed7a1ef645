import Reasons

/// An answer of our own, ready to be written: everything but `Content-Length`, `Date`, `Connection` and `X-Request-Id`,
/// which the writer adds to every answer. For HEAD the writer states the length of `body` and leaves it out.
package struct AuthAnswer: Sendable, Equatable {
    /// A field line. Names and values are printable ASCII, safe to write as they are.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package var status: UInt16
    /// Why it is a refusal, for the log and the metrics; nil for a success.
    package var reason: Reason?
    package var fields: [Field]
    package var body: [UInt8]
    /// The account that the call turned out to concern, for the access log.
    package var user: String?
    /// The session that the call turned out to concern, for the access log.
    package var session: String?

    package init(
        status: UInt16, reason: Reason? = nil, fields: [Field] = [], body: [UInt8] = [], user: String? = nil,
        session: String? = nil
    ) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
        self.user = user
        self.session = session
    }

    /// The value of the first field of that name (exact case): for tests and for the log.
    package func field(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }
}
