import HTTP
import Policy
import Reasons

/// Builds the head that a backend receives: strip first, then inject (contract §3).
///
/// Pure, and in one pass over the client's fields. What the client calls itself, in whatever spelling, is gone before the
/// first line of ours is written, on public routes too.
struct UpstreamHead {
    let filter: ForwardedFields
    /// `http` or `https`, as the public URL says.
    let publicScheme: String

    /// What does not come from the client's head.
    struct Inputs {
        /// The canonical path.
        var path: [UInt8]
        /// Field lines that name the caller; empty for nobody.
        var identityFields: [UInt8]
        var peer: Peer
        var requestID: String
        var traceparent: [UInt8]
        /// The client's `tracestate` belongs to `traceparent`.
        var keepsTracestate: Bool
        var stripsAuthorization: Bool
        /// `Host` for an HTTP/1.0 request that has none.
        var fallbackHost: String
    }

    /// Appends the head, the empty line included, to `output`.
    ///
    /// - Throws: `.malformedRequest` for a field that the configuration refuses.
    func append(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, _ inputs: borrowing Inputs,
        to output: inout [UInt8]
    ) throws(Reason) {
        output.appendRequestLine(method: head.method, path: inputs.path.span, query: head.query, of: bytes)
        output.append("Host: ")
        if head.host.isEmpty { output.append(inputs.fallbackHost) } else { output.append(bytes, head.host) }
        output.appendCRLF()
        for index in 0..<head.fields.count {
            try appendClientField(head.fields[index], bytes, inputs, to: &output)
        }
        appendForwarding(head, bytes, inputs, to: &output)
        output.append(contentsOf: inputs.identityFields)
        switch head.framing {
        case .length(let count): output.appendField("Content-Length", decimal: count)
        case .chunked: output.appendField("Transfer-Encoding", "chunked")
        case .none, .untilClose: break
        }
        output.appendCRLF()
    }

    private func appendClientField(
        _ field: Field, _ bytes: borrowing Span<UInt8>, _ inputs: borrowing Inputs, to output: inout [UInt8]
    ) throws(Reason) {
        switch field.known {
        // Written by us, from what was parsed. `Expect` is answered here: the backend gets the body at once.
        case .host, .contentLength, .transferEncoding, .expect, .via, .xRequestID, .traceparent, .xForwardedFor: return
        case .xForwardedProto, .xForwardedHost: return
        case .tracestate where !inputs.keepsTracestate: return
        case .authorization where inputs.stripsAuthorization: return
        case .cookie:
            guard let kept = CookieFilter.withoutOurs(bytes.extracting(field.value)) else { return }
            output.append("Cookie: ")
            output.append(contentsOf: kept)
            output.appendCRLF()
            return
        default: break
        }
        if field.isHopByHop { return }
        switch filter.action(for: bytes.extracting(field.name), fromTrustedPeer: inputs.peer.isTrusted) {
        case .keep: output.appendField(field, of: bytes)
        case .drop: break
        case .refuse: throw .malformedRequest
        }
    }

    /// `X-Forwarded-*`, `X-Request-Id`, `traceparent` and `Via`: ours alone, or appended to what a trusted proxy says.
    private func appendForwarding(
        _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, _ inputs: borrowing Inputs,
        to output: inout [UInt8]
    ) {
        output.append("X-Forwarded-For: ")
        if inputs.peer.isTrusted { appendValues(of: .xForwardedFor, head, bytes, separator: ", ", to: &output) }
        output.append(inputs.peer.text)
        output.appendCRLF()

        output.append("X-Forwarded-Proto: ")
        if inputs.peer.isTrusted, let field = head.first(.xForwardedProto) {
            output.append(bytes, field.value)
        } else {
            output.append(publicScheme)
        }
        output.appendCRLF()

        output.append("X-Forwarded-Host: ")
        if inputs.peer.isTrusted, let field = head.first(.xForwardedHost) {
            output.append(bytes, field.value)
        } else if head.host.isEmpty {
            output.append(inputs.fallbackHost)
        } else {
            output.append(bytes, head.host)
        }
        output.appendCRLF()

        output.appendField("X-Request-Id", inputs.requestID)
        output.append("traceparent: ")
        output.append(contentsOf: inputs.traceparent)
        output.appendCRLF()
        output.append("Via: ")
        appendValues(of: .via, head, bytes, separator: ", ", to: &output)
        output.append("1.1 gatehouse\r\n")
    }

    /// The values of all fields of that name, each followed by `separator`.
    private func appendValues(
        of name: FieldName, _ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>, separator: String,
        to output: inout [UInt8]
    ) {
        guard head.has(name) else { return }
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            guard field.known == name, !field.value.isEmpty else { continue }
            output.append(bytes, field.value)
            output.append(separator)
        }
    }
}
