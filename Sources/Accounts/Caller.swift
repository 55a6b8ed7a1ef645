/// Who is calling, as far as accounts care: for throttling, for the list of sessions, for the audit log.
package struct Caller: Sendable {
    /// The client's address as text, without a port (`192.0.2.7`, `2001:db8::1`, `unix`).
    package let address: String
    /// The `User-Agent`, cut to what is worth keeping; nil when none was sent.
    package let userAgent: String?
    /// The request's id, so that an audit event leads to its line in the access log.
    package let requestID: String

    package init(address: String, userAgent: String? = nil, requestID: String = "") {
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
    }
}
