import Config
import Synchronization

/// Says once that a peer from a private network names clients in `X-Forwarded-For` and is not believed: that is nearly
/// always a proxy that `trusted-proxies` forgot, and then all its clients share one limit on guesses.
final class UntrustedProxyNotice: Sendable {
    private let hasSpoken = Atomic<Bool>(false)
    private let report: @Sendable (String) -> Void

    init(report: @escaping @Sendable (String) -> Void) {
        self.report = report
    }

    /// For a request with `X-Forwarded-For` whose peer is not trusted.
    func note(_ peer: String) {
        guard !hasSpoken.load(ordering: .relaxed), Self.isPrivate(peer) else { return }
        guard !hasSpoken.exchange(true, ordering: .relaxed) else { return }
        report(
            "\(peer) sends X-Forwarded-For and is not in trusted-proxies: all its clients count as one. If it is your proxy, "
                + "add: trusted-proxies \(peer)")
    }

    /// Loopback, link-local and the networks of RFC 1918 and RFC 4193: where an operator's own proxies are. A stranger from
    /// the internet who sends the field is nothing to write about.
    static func isPrivate(_ address: String) -> Bool {
        guard var bytes = IPAddress.bytes(of: address) else { return false }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        if bytes.count == 16, bytes.starts(with: mapped) { bytes.removeFirst(12) }
        if bytes.count == 16 {
            let isLoopback = bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
            return isLoopback || bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        }
        return switch (bytes[0], bytes[1]) {
        case (10, _), (127, _), (192, 168), (169, 254): true
        case (172, 16...31), (100, 64...127): true
        default: false
        }
    }
}
