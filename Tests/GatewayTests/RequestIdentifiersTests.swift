import Testing

@testable import Gateway

@Suite struct RequestIdentifiersTests {
    private let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("ten thousand request ids are all different")
    func unique() {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        #expect(Set((0..<10_000).map { _ in identifiers.requestID() }).count == 10_000)
    }

    @Test("a valid traceparent goes on in the same trace under a span of ours")
    func continues() {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        let (value, continues) = identifiers.traceparent(continuing: Array(valid.utf8))
        #expect(continues)
        #expect(RequestIdentifiers.isTraceparent(value))
        #expect(value[..<36] == Array(valid.utf8)[..<36])
        #expect(value != Array(valid.utf8))
    }

    @Test(
        "anything else begins a new trace",
        arguments: [
            "", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        ])
    func begins(received: String) {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        let (value, continues) = identifiers.traceparent(continuing: Array(received.utf8))
        #expect(!continues)
        #expect(RequestIdentifiers.isTraceparent(value))
    }
}
