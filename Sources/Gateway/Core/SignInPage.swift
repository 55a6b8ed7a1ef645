import Bytes
import HTTP

/// `sign-in-page`: where a person's browser is sent instead of a 401 that only a program can read.
package struct SignInPage: Sendable {
    let path: String
    let isHTTPS: Bool

    /// The redirect, for a GET that would like to see HTML. 303, because what comes back is another page (RFC 9110
    /// §15.4.4); nobody may keep it, because after signing in the same address shows something else.
    func answer(to head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) -> AuthAnswer? {
        guard head.knownMethod == .get, Self.acceptsHTML(head, bytes) else { return nil }
        var answer = AuthAnswer(status: 303)
        answer.add("Location", path)
        answer.add("Cache-Control", "no-store")
        answer.fields += SecurityFields.all(isHTTPS: isHTTPS)
        return answer
    }

    /// Whether `text/html` is named in `Accept` and not with the weight 0. Browsers name it when they want a page, and only
    /// then; `*/*` is what scripts and programs send.
    static func acceptsHTML(_ head: borrowing RequestHead, _ bytes: borrowing Span<UInt8>) -> Bool {
        guard head.has(.accept) else { return false }
        for index in 0..<head.fieldCount where head.field(at: index).known == .accept {
            var value: [UInt8] = []
            value.append(bytes, head.field(at: index).value)
            let ranges = value.split(separator: UInt8(ascii: ","))
            if ranges.contains(where: isHTML) { return true }
        }
        return false
    }

    private static func isHTML(_ range: ArraySlice<UInt8>) -> Bool {
        let parts = range.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            part.filter { $0 != 0x20 && $0 != 0x09 }.map(asciiLowered)
        }
        guard parts.first == Array("text/html".utf8) else { return false }
        return !parts.dropFirst().contains { part in
            part.starts(with: "q=0".utf8) && part.dropFirst(3).allSatisfy { $0 == 0x2E || $0 == 0x30 }
        }
    }
}
