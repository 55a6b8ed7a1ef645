import Config
import Testing

@testable import Gateway

@Suite struct ClientAddressTests {
    private func client(_ peer: Peer, _ values: String...) throws -> String {
        var trusted = TrustedProxies()
        trusted.ranges = [try AddressRange("10.0.0.0/8")]
        return ClientAddress.text(of: peer, forwardedFor: values.map { Array($0.utf8) }, trusted: trusted)
    }

    @Test("a stranger's X-Forwarded-For says nothing")
    func stranger() throws { #expect(try client(.stranger, "127.0.0.1") == "203.0.113.9") }

    @Test("the entry nearest to us that is no trusted proxy is the client; what stands left of it is invention")
    func nearest() throws {
        #expect(try client(.proxy, "127.0.0.1, 198.51.100.7, 10.0.0.2") == "198.51.100.7")
        #expect(try client(.proxy, "127.0.0.1", "198.51.100.7") == "198.51.100.7")
        #expect(try client(.proxy, "10.0.0.3, 10.0.0.2") == "10.0.0.3")
    }

    @Test(
        "whom a proxy names in words that are no address is unknown, not the proxy, for whose network there may be a rule"
    )
    func junk() throws {
        for entry in ["unknown", "_hidden", "fe80::1%eth0", "127.1", "010.0.0.7", "0x0a.0.0.7", "10.0.0.7 10.0.0.8"] {
            #expect(try client(.proxy, "198.51.100.7, \(entry)") == "unknown", "\(entry)")
            #expect(try client(.proxy, "\(entry), 10.0.0.2") == "unknown", "\(entry)")
        }
        #expect(IPAddress.bytes(of: ClientAddress.unknown) == nil)
    }

    @Test("a proxy that names nobody speaks for itself")
    func nobody() throws {
        #expect(try client(.proxy) == "10.0.0.1")
        #expect(try client(.proxy, "", " , ") == "10.0.0.1")
    }

    @Test("ports and brackets are not part of the address")
    func spellings() throws {
        #expect(try client(.proxy, "198.51.100.7:4711") == "198.51.100.7")
        #expect(try client(.proxy, "[2001:db8::1]:443") == "2001:db8::1")
        #expect(try client(.proxy, "2001:DB8:0::1") == "2001:db8::1")
    }
}
