import Bytes
import Encoding
import HTTP
import Policy
import Reasons

/// Builds the head that a backend receives: strip first, then inject.
///
/// Pure, and in one pass over the client's fields. What the client calls itself, in whatever spelling, is gone before the
/// first line of ours is written, on public routes too.
final class UpstreamHead: Sendable {
    private let filter: ForwardedFields
    /// `Host` for an HTTP/1.0 request that has none.
    private let fallbackHost: [UInt8]
    private let publicScheme: [UInt8]
    /// The two names between the peer's address and the host that a stranger asked for, with the scheme between them.
    private let afterStranger: [UInt8]

    /// - Parameters:
    ///   - publicScheme: `http` or `https`, as the public URL says.
    ///   - fallbackHost: the public URL's authority.
    init(filter: ForwardedFields, publicScheme: String, fallbackHost: String) {
        self.filter = filter
        self.fallbackHost = Array(fallbackHost.utf8)
        self.publicScheme = Array(publicScheme.utf8)
        afterStranger = Array("\r\nX-Forwarded-Proto: \(publicScheme)\r\nX-Forwarded-Host: ".utf8)
    }

    /// Where a request comes from, and what it is called from here on.
    struct Origin: ~Copyable {
        let peer: Peer
        let requestID: RequestID
        let trace: TraceContext
    }

    /// Appends the head, the empty line included, to `output`.
    ///
    /// - Throws: `.malformedRequest` for a field that the configuration refuses.
    func append(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, _ judgement: borrowing Judgement,
        _ origin: borrowing Origin, to output: inout [UInt8]
    ) throws(Reason) {
        output.appendRequestLine(method: head.method, path: judgement.path.bytes.span, query: head.query, of: bytes)
        output.append("Host: ")
        appendHost(head, bytes, to: &output)
        output.appendCRLF()
        let stripsAuthorization = judgement.route?.stripAuthorization ?? false
        for index in 0..<head.fieldCount {
            try appendClientField(
                head.field(at: index), bytes, origin, stripsAuthorization: stripsAuthorization, to: &output)
        }
        appendForwarding(head, bytes, origin, to: &output)
        if judgement.isIdentified, let bearer = judgement.bearer {
            let fields = bearer.payload.identityFields
            output.append(fields.span)
        }
        switch head.framing {
        case .length(let count): output.appendField("Content-Length", decimal: count)
        case .chunked: output.appendField("Transfer-Encoding", "chunked")
        case .none, .untilClose: break
        }
        output.appendCRLF()
    }

    private func appendClientField(
        _ field: Field, _ bytes: borrowing Span<UInt8>, _ origin: borrowing Origin, stripsAuthorization: Bool,
        to output: inout [UInt8]
    ) throws(Reason) {
        switch field.known {
        // Written by us, from what was parsed. `Expect` is answered here: the backend gets the body at once.
        case .host, .contentLength, .transferEncoding, .expect, .via, .xRequestID, .traceparent, .xForwardedFor: return
        case .xForwardedProto, .xForwardedHost: return
        case .tracestate where !origin.trace.continues: return
        case .authorization where stripsAuthorization: return
        case .cookie:
            guard let kept = CookieFilter.withoutOurs(bytes.extracting(field.value)) else { return }
            output.append("Cookie: ")
            output.append(contentsOf: kept)
            output.appendCRLF()
            return
        default: break
        }
        if field.isHopByHop { return }
        switch filter.action(for: bytes.extracting(field.name), fromTrustedPeer: origin.peer.isTrusted) {
        case .keep: output.appendField(field, of: bytes)
        case .drop: break
        case .refuse: throw .malformedRequest
        }
    }

    /// `X-Forwarded-*`, `X-Request-Id`, `traceparent` and `Via`: ours alone, or appended to what a trusted proxy says.
    private func appendForwarding(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, _ origin: borrowing Origin,
        to output: inout [UInt8]
    ) {
        output.append("X-Forwarded-For: ")
        if origin.peer.isTrusted {
            appendValues(of: .xForwardedFor, head, bytes, separator: ", ", to: &output)
            output.append(text: origin.peer.text)
            appendProxysWord(head, bytes, to: &output)
        } else {
            output.append(text: origin.peer.text)
            let between = afterStranger
            output.append(between.span)
            appendHost(head, bytes, to: &output)
        }
        output.append("\r\nX-Request-Id: ")
        UUIDText.appendVersion4(origin.requestID.high, origin.requestID.low, to: &output)
        output.append("\r\ntraceparent: ")
        origin.trace.append(to: &output)
        output.append("\r\nVia: ")
        appendValues(of: .via, head, bytes, separator: ", ", to: &output)
        output.append("1.1 gatehouse\r\n")
    }

    /// The scheme and the host that a trusted proxy was asked for, or ours where it says nothing.
    private func appendProxysWord(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, to output: inout [UInt8]
    ) {
        output.append("\r\nX-Forwarded-Proto: ")
        if let field = head.first(.xForwardedProto) {
            output.append(bytes, field.value)
        } else {
            output.append(contentsOf: publicScheme)
        }
        output.append("\r\nX-Forwarded-Host: ")
        if let field = head.first(.xForwardedHost) {
            output.append(bytes, field.value)
        } else {
            appendHost(head, bytes, to: &output)
        }
    }

    private func appendHost(_ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, to output: inout [UInt8]) {
        if head.host.isEmpty { output.append(contentsOf: fallbackHost) } else { output.append(bytes, head.host) }
    }

    /// The values of all fields of that name, each followed by `separator`.
    private func appendValues(
        of name: FieldName, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, separator: StaticString,
        to output: inout [UInt8]
    ) {
        guard head.has(name) else { return }
        for index in 0..<head.fieldCount {
            let field = head.field(at: index)
            guard field.known == name, !field.value.isEmpty else { continue }
            output.append(bytes, field.value)
            output.append(separator)
        }
    }
}
