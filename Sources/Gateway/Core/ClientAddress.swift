import Config
import EventLoop
import HTTP

/// Who a connection's peer is, and whether what it says about others is believed.
package final class Peer: Sendable {
    /// The peer's address without a port, as text.
    package let text: String
    /// Whether it is one of the `trusted-proxies`.
    package let isTrusted: Bool

    package init(text: String, isTrusted: Bool) {
        self.text = text
        self.isTrusted = isTrusted
    }

    init(_ address: SocketAddress, trusted: TrustedProxies) {
        text = address.hostText
        isTrusted = address.port == nil ? trusted.unixSockets : trusted.contains(address.addressBytes)
    }

    /// The same peer under other `trusted-proxies`. What is no address came through a Unix socket.
    init(_ peer: Peer, trusted: TrustedProxies) {
        text = peer.text
        isTrusted = IPAddress.bytes(of: peer.text).map(trusted.contains) ?? trusted.unixSockets
    }
}

/// The client's address as seen through trusted proxies.
enum ClientAddress {
    /// How many entries of `X-Forwarded-For` are looked at; a longer list is a forgery or a loop.
    private static let hopsMax = 32

    /// What a client is called whom a trusted proxy names in words that are no address (`unknown`, a zone). It is not the proxy:
    /// a rule for the proxy's network must not let it in.
    static let unknown = "unknown"

    /// The address nearest to us that is not a trusted proxy itself, or the peer when it names nobody.
    ///
    /// Entries are read from the right: a proxy appends, so everything to the left of the first untrusted entry is that
    /// client's own invention.
    static func text(of peer: Peer, forwardedFor values: [[UInt8]], trusted: TrustedProxies) -> String {
        guard peer.isTrusted else { return peer.text }
        var nearest = peer.text
        // Empty elements of a list say nothing (RFC 9110 §5.6.1).
        let entries = values.joined(separator: [UInt8(ascii: ",")]).split(separator: UInt8(ascii: ","))
            .filter { !$0.allSatisfy(isBlank) }
        for entry in entries.suffix(hopsMax).reversed() {
            guard let address = parse(entry) else { return unknown }
            nearest = address.hostText
            if !trusted.contains(address.addressBytes) { return nearest }
        }
        return nearest
    }

    /// `1.2.3.4`, `1.2.3.4:80`, `::1` or `[::1]:80`, blanks around it allowed.
    static func parse(_ entry: some Collection<UInt8>) -> SocketAddress? {
        var text = Array(Array(entry.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            text = Array(text[1..<end])
        } else if text.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.firstIndex(of: 0x3A) {
            text = Array(text[..<colon])
        }
        guard (2...45).contains(text.count) else { return nil }
        return SocketAddress(numericHost: String(decoding: text, as: UTF8.self))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
