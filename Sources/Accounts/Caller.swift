import Storage

/// Who is calling, as far as accounts care: for throttling, for the list of sessions, for the audit log.
package struct Caller: Sendable {
    /// What is kept of a `User-Agent`: enough to recognise a device by.
    static let userAgentBytesMax = 256

    /// The client's address as text, without a port (`192.0.2.7`, `2001:db8::1`, `unix`).
    package let address: String
    /// Printable ASCII; nil when none was sent.
    package let userAgent: String?
    /// The request's id, so that an audit event leads to its line in the access log.
    package let requestID: String

    /// `userAgent`: the field's bytes. What is not printable ASCII is dropped, because it ends up on pages and terminals.
    package init(address: String, userAgent: [UInt8]? = nil, requestID: String = "") {
        self.address = address
        self.userAgent = userAgent.map { bytes in
            String(decoding: bytes.filter { (0x20...0x7E).contains($0) }.prefix(Self.userAgentBytesMax), as: UTF8.self)
        }
        self.requestID = requestID
    }

    /// What happened at this caller's wish.
    func event(
        _ kind: AuditEvent.Kind, outcome: String = "ok", user: String?, email: String? = nil, session: String? = nil,
        detail: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            kind, outcome: outcome, userId: user, email: email, sessionId: session, ip: address,
            requestId: requestID.isEmpty ? nil : requestID, detail: detail)
    }
}
