/// Writes JSON by appending to a byte buffer: members stay in the order in which they are written, and no tree is built.
///
///     var json = JSONWriter()
///     json.beginObject()
///     json.member("error", "The path is taken.")
///     json.key("roles"); json.strings(["user"])
///     json.endObject()
///     send(json.bytes)
///
/// The writer puts the commas; that `begin…` and `end…` match, and that a `key` is followed by one value, is up to the caller.
package struct JSONWriter: ~Copyable {
    /// What has been written so far, after whatever the buffer held before.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// - Parameter buffer: written to at its end; hand in an emptied buffer with capacity to allocate nothing.
    package init(appendingTo buffer: consuming [UInt8] = []) { bytes = buffer }

    /// Ends the writing and hands the buffer back without a copy.
    package consuming func finish() -> [UInt8] { bytes }

    package mutating func beginObject() {}
    package mutating func endObject() {}
    package mutating func beginArray() {}
    package mutating func endArray() {}

    /// The name of the next member.
    package mutating func key(_ name: String) {}

    package mutating func null() {}
    package mutating func bool(_ value: Bool) {}
    package mutating func integer(_ value: Int64) {}
    /// A decimal with `places` digits after the point; what is not finite is written as `null`.
    package mutating func decimal(_ value: Double, places: Int) {}
    package mutating func string(_ text: String) {}
    /// A string from bytes that may not be UTF-8 (a path, a header): what is not becomes U+FFFD.
    package mutating func string(utf8 text: borrowing Span<UInt8>) {}
    package mutating func strings(_ texts: [String]) {}
    package mutating func value(_ value: JSONValue) {}

    package mutating func member(_ name: String, _ value: String) {}
    package mutating func member(_ name: String, _ value: Bool) {}
    package mutating func member(_ name: String, _ value: Int64) {}
    package mutating func member(_ name: String, _ value: [String]) {}
    /// `null` when there is no value.
    package mutating func member(_ name: String, orNull value: String?) {}
    /// Nothing at all when there is no value.
    package mutating func member(_ name: String, ifPresent value: String?) {}
}
