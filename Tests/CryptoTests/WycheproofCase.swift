import Crypto
import Encoding
import TestVectors

/// One case of a Wycheproof file, with the group it stands in.
struct WycheproofCase {
    let id: Int64
    let group: JSONValue
    let test: JSONValue
    var result: String { test["result"]?.string ?? "" }
    var isValid: Bool { result == "valid" }

    struct Unreadable: Error {}

    static func read(_ file: String) throws -> [WycheproofCase] {
        let bytes = try TestVectors.bytes("wycheproof/" + file)
        let document = try JSONReader.read(bytes.span)
        guard let groups = document["testGroups"]?.elements else { throw Unreadable() }
        return try groups.flatMap { group in
            guard let tests = group["tests"]?.elements else { throw Unreadable() }
            return try tests.map { test in
                guard let id = test["tcId"]?.integer else { throw Unreadable() }
                return WycheproofCase(id: id, group: group, test: test)
            }
        }
    }

    /// A hexadecimal member of the case.
    func bytes(_ name: String) throws -> [UInt8] {
        guard let text = test[name]?.string, let bytes = Hex.decode(Array(text.utf8).span) else { throw Unreadable() }
        return bytes
    }

    /// The public key of the group.
    func publicKey() throws -> PublicKey {
        guard let text = group["publicKeyPem"]?.string else { throw Unreadable() }
        let pem = Array(text.utf8)
        return try PublicKey(pem: pem.span)
    }
}
