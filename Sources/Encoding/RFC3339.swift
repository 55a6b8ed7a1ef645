/// Points in time as RFC 3339 text in UTC, with milliseconds: `2026-01-02T03:04:05.678Z`.
package enum RFC3339 {
    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; negative ones lie before.
    package static func format(milliseconds: Int64) -> String { "" }

    package static func append(milliseconds: Int64, to text: inout [UInt8]) {}
}
