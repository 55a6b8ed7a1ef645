import HTTP
import Policy

/// `debug-header`: whoever sends the secret in `X-Gatehouse-Debug` is told in `X-Gatehouse-Decision` what the gate decided and
/// where in the configuration. The secret never reaches a backend.
struct DebugHeader: Sendable {
    static let answerName = "X-Gatehouse-Decision"

    private let name = FoldedName(ForwardedFields.debugName)
    private let secret: [UInt8]

    init(secret: [UInt8]) { self.secret = secret }

    /// Whether a request carries the secret, in one line.
    func isAsked(by head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) -> Bool {
        var isAsked = false
        for index in 0..<head.fieldCount where name.matches(bytes.extracting(head.field(at: index).name)) {
            if isAsked { return false }
            isAsked = isSecret(bytes.extracting(head.field(at: index).value))
            if !isAsked { return false }
        }
        return isAsked
    }

    /// Takes as long for a good guess as for a bad one.
    private func isSecret(_ value: borrowing Span<UInt8>) -> Bool {
        guard value.count == secret.count else { return false }
        var difference: UInt8 = 0
        for index in value.indices { difference |= value[index] ^ secret[index] }
        return difference == 0
    }
}
