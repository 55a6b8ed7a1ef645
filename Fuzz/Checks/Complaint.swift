/// What a check found wrong. The fuzz targets crash on it, so that the fuzzer keeps the input; the test suite reports it.
package struct Complaint: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// A check by the name of its corpus: throws a `Complaint`, or traps, when the room breaks a promise.
package enum Check: String, CaseIterable, Sendable {
    case heads, chunks, paths, tokens, configurations
    /// Built to fail: it shows that the net catches something.
    case net

    package func run(_ input: [UInt8]) throws {
        switch self {
        case .heads: try HeadCheck.run(input)
        case .chunks: try ChunkCheck.run(input)
        case .paths: try PathCheck.run(input)
        case .tokens: try TokenCheck.run(input)
        case .configurations: try ConfigurationCheck.run(input)
        case .net: try NetCheck.run(input)
        }
    }
}

/// A planted bug, three bytes deep: too deep for chance, easy for a fuzzer that follows coverage.
enum NetCheck {
    static func run(_ input: [UInt8]) throws {
        if input.count > 2, input[0] == UInt8(ascii: "n"), input[1] == UInt8(ascii: "e"), input[2] == UInt8(ascii: "t")
        {
            throw Complaint("the planted bug was found")
        }
    }
}
