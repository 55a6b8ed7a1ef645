import HTTP
import Reasons

/// The canonical path: what passes plainly has no second reading, and is its own canonical form.
enum PathCheck {
    static func run(_ input: [UInt8]) throws {
        guard let path = try? CanonicalPath(input.span, accepting: .everything) else { return }
        if !path.needs.isEmpty {
            guard path.bytes == input else { throw Complaint("an accepted spelling was not passed untouched") }
            return
        }
        guard let again = try? CanonicalPath(path.bytes.span, accepting: []), again.bytes == path.bytes else {
            throw Complaint("the canonical form has another canonical form")
        }
        guard path.bytes.first == UInt8(ascii: "/") else { throw Complaint("it does not begin with a slash") }
        let text = String(decoding: path.bytes, as: UTF8.self)
        for hazard in ["//", "/./", "/../", "\\", ";", "%2F", "%5C", "%3B", "%00", "%2E", "#", "?", " "]
        where text.utf8.count > 0 && contains(path.bytes, Array(hazard.utf8)) {
            throw Complaint("\(hazard) in the canonical path \(text)")
        }
        for segment in path.bytes.split(separator: UInt8(ascii: "/"))
        where segment.allSatisfy({ $0 == UInt8(ascii: ".") }) {
            throw Complaint("a dot segment in the canonical path \(text)")
        }
        guard path.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw Complaint("not printable: \(text)") }
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard bytes.count >= needle.count else { return false }
        return (0...(bytes.count - needle.count)).contains { bytes[$0...].starts(with: needle) }
    }
}
