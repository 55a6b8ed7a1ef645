import CCurl

/// Why a document could not be fetched; for an operator.
package struct FetchProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
}

/// Fetches small documents from other servers. Blocks, so it belongs on a thread of its own.
package enum Fetch {
    package static let bytesMax = 1 << 20
    package static let secondsMax = 5

    /// The body of the answer to a GET of a https URL, or of a http one that the caller knows to be this machine's.
    ///
    /// No redirect is followed: who may name keys is in the configuration, and not what a server says today.
    ///
    /// - Throws: for every answer but a 200 of at most 1 MiB within 5 s.
    package static func get(_ url: String) throws(FetchProblem) -> [UInt8] {
        // RFC 3986 §3.1: schemes are written in any case.
        let isPlain = url.utf8.prefix(5).map { $0 | 0x20 }.elementsEqual("http:".utf8)
        var body = [UInt8](repeating: 0, count: bytesMax)
        var message = [CChar](repeating: 0, count: Int(CCURL_MESSAGE_SIZE))
        var count = 0
        var status = 0
        let result = unsafe ccurl_get(
            url, isPlain ? 1 : 0, secondsMax, &body, body.count, &count, &status, &message)
        guard result == 0 else {
            let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw FetchProblem(description: String(decoding: words, as: UTF8.self))
        }
        guard status == 200 else { throw FetchProblem(description: "the answer has the status \(status)") }
        return Array(body.prefix(count))
    }
}
