import Bytes
import HTTP

/// Builds the head that the client receives from the one that the upstream sent.
enum AnswerHead {
    /// What the client's side of the exchange adds.
    struct Inputs {
        /// HTTP/1.0 clients understand neither chunks nor keep-alive without being told.
        var clientMinorVersion: UInt8
        /// The connection goes on after this answer.
        var keepAlive: Bool
        var isAnswerToHEAD: Bool
        /// Field lines of ours (CORS); they replace the upstream's of the same kind.
        var corsFields: [AuthAnswer.Field]
        /// What `debug-header` adds; empty for nearly all.
        var decidedAt = ""
    }

    /// How the body goes to the client.
    enum BodyForm {
        case none
        /// Byte for byte, as `Content-Length` announces.
        case asIs
        case chunked
        /// Byte for byte until the connection closes: HTTP/1.0 clients only.
        case untilClose
    }

    static func bodyForm(_ framing: BodyFraming, clientMinorVersion: UInt8) -> BodyForm {
        switch framing {
        case .none: .none
        case .length: .asIs
        case .chunked, .untilClose: clientMinorVersion == 0 ? .untilClose : .chunked
        }
    }

    /// Appends the head, the empty line included. Hop-by-hop fields stay behind, and the body is framed anew.
    static func append(
        _ head: borrowing ResponseHead, _ bytes: borrowing Span<UInt8>, _ inputs: borrowing Inputs,
        to output: inout [UInt8]
    ) {
        output.appendStatusLine(head.status)
        appendFields(head, bytes, replacingCORS: !inputs.corsFields.isEmpty, to: &output)
        for field in inputs.corsFields { output.appendField(field.name, field.value) }
        if !inputs.decidedAt.isEmpty {
            _ = output.appendField(DebugHeader.answerName, checked: Array("allowed; \(inputs.decidedAt)".utf8).span)
        }
        switch bodyForm(head.framing, clientMinorVersion: inputs.clientMinorVersion) {
        case .chunked: output.appendField("Transfer-Encoding", "chunked")
        case .asIs, .none:
            // Also where no body follows: an answer to HEAD, a 304. A 204 must not have one (RFC 9110 §8.6).
            if let length = head.contentLength, head.status != 204 {
                output.appendField("Content-Length", decimal: length)
            } else if case .length(let length) = head.framing {
                output.appendField("Content-Length", decimal: length)
            }
        case .untilClose: break
        }
        appendConnection(inputs, to: &output)
        output.appendCRLF()
    }

    /// An interim answer (1xx) as it is passed on: status and end-to-end fields.
    static func appendInterim(_ head: borrowing ResponseHead, _ bytes: borrowing Span<UInt8>, to output: inout [UInt8])
    {
        output.appendStatusLine(head.status)
        appendFields(head, bytes, replacingCORS: false, to: &output)
        output.appendCRLF()
    }

    private static func appendFields(
        _ head: borrowing ResponseHead, _ bytes: borrowing Span<UInt8>, replacingCORS: Bool, to output: inout [UInt8]
    ) {
        for index in 0..<head.fieldCount {
            let field = head.field(at: index)
            if field.isHopByHop { continue }
            switch field.known {
            case .contentLength, .transferEncoding: continue
            case .accessControlAllowOrigin, .accessControlAllowCredentials: if replacingCORS { continue }
            case .setCookie: if CookieFilter.setsOurs(bytes.extracting(field.value)) { continue }
            default: break
            }
            output.appendField(field, of: bytes)
        }
    }

    private static func appendConnection(_ inputs: borrowing Inputs, to output: inout [UInt8]) {
        if !inputs.keepAlive {
            output.append("Connection: close\r\n")
        } else if inputs.clientMinorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
    }
}
