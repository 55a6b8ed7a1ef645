import Testing

@testable import Gateway

@Suite struct RequestIdentifiersTests {
    private let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("ten thousand request ids are all different")
    func unique() {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        #expect(Set((0..<10_000).map { _ in identifiers.requestID().text }).count == 10_000)
    }

    private func text(_ trace: TraceContext) -> [UInt8] {
        var text: [UInt8] = []
        trace.append(to: &text)
        return text
    }

    @Test("a valid traceparent goes on in the same trace under a span of ours")
    func continues() {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        let trace = identifiers.trace(continuing: valid.utf8.span)
        #expect(trace.continues)
        #expect(TraceContext(text(trace).span) == trace)
        #expect(text(trace)[..<36] == Array(valid.utf8)[..<36])
        #expect(text(trace)[52...] == Array(valid.utf8)[52...])
        #expect(text(trace) != Array(valid.utf8))
    }

    @Test(
        "anything else begins a new trace",
        arguments: [
            "", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
            "00-0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331-01",
        ])
    func begins(received: String) {
        var identifiers = RequestIdentifiers(seed: 1, sequence: 0)
        let trace = identifiers.trace(continuing: received.utf8.span)
        #expect(!trace.continues)
        #expect(String(decoding: text(trace), as: UTF8.self).contains(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/))
        #expect(trace != identifiers.trace())
    }
}
