import HTTP

@testable import Gateway

/// A parsed request with the bytes it was parsed from.
struct SentRequest: ~Copyable {
    var head = RequestHead()
    let bytes: [UInt8]

    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        self.bytes = bytes
        guard case .complete = try head.parse(bytes.span, limits: HeadLimits()) else { throw Incomplete() }
    }

    struct Incomplete: Error {}
}

extension Peer {
    static let stranger = Peer(text: "203.0.113.9", isTrusted: false)
    static let proxy = Peer(text: "10.0.0.1", isTrusted: true)
}
