/// One field line of a head, as places in the buffer that was parsed.
package struct Field: Sendable, Equatable {
    /// The name: a token (RFC 9110 §5.1), never empty, in the case in which it was sent.
    package let name: Range<Int>
    /// The value without the blanks around it: no control byte but a tab between other bytes; it may be empty.
    package let value: Range<Int>
    /// The name as an integer, when it is one that the gateway knows.
    package let known: FieldName?
    /// Whether the name holds a `_`, which many backends read as `-` (CVE-2025-64484).
    package let hasUnderscore: Bool
    /// Whether the field belongs to this connection and must not be forwarded: it is hop-by-hop by its name, or
    /// `Connection` lists it (RFC 9110 §7.6.1). Final once the head is complete.
    package internal(set) var isHopByHop: Bool
    /// Whether the line was sent as `name: value` with one blank and nothing else, so that it can be copied whole.
    let isTidy: Bool
}

/// A set of known field names, kept in one word.
package struct FieldSet: Sendable, Equatable {
    private var bits: UInt64 = 0

    package init() {}

    package mutating func insert(_ name: FieldName) { bits |= 1 &<< UInt64(name.rawValue) }

    package func contains(_ name: FieldName) -> Bool { bits & (1 &<< UInt64(name.rawValue)) != 0 }
}
