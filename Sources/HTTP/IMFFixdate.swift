/// The date format of HTTP fields, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
package enum IMFFixdate {
    /// Appends the 29 bytes for a time in seconds since 1970, clamped to the years 1970 to 9999.
    package static func append(unixSeconds: Int64, to bytes: inout [UInt8]) {}
}
