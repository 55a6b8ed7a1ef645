/// The methods that the gateway lets through without being told; others are bytes until the
/// configuration names them.
package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// The method that `name` spells; methods are case-sensitive (RFC 9110 §9.1).
    package static func lookup(_ name: borrowing Span<UInt8>) -> Method? {
        switch name.count {
        case 3: equals(name, .get) ? .get : equals(name, .put) ? .put : nil
        case 4: equals(name, .post) ? .post : equals(name, .head) ? .head : nil
        case 5: equals(name, .patch) ? .patch : nil
        case 6: equals(name, .delete) ? .delete : nil
        case 7: equals(name, .options) ? .options : nil
        default: nil
        }
    }

    private static func equals(_ name: borrowing Span<UInt8>, _ method: Method) -> Bool {
        let letters = method.rawValue.utf8.span
        guard name.count == letters.count else { return false }
        for index in name.indices where name[index] != letters[index] { return false }
        return true
    }
}
