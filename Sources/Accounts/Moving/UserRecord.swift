import Encoding

/// One account on its way from one system to another, as a line of a file says it. Nothing is checked yet but its form.
package struct UserRecord: Sendable, Equatable {
    /// Why a line is no record, in words for whoever wrote the file. Never quotes a value: one of them is a hash.
    package struct Problem: Error, Sendable, Equatable {
        package let words: String

        package init(_ words: String) { self.words = words }
    }

    /// The members of a line of JSON and the columns of CSV.
    package enum Field: String, Sendable, CaseIterable {
        case email, hash, roles, name, id, emailVerified, disabled, createdAt
    }

    package var email: String?
    /// As crypt(5) writes it.
    package var hash: String?
    /// Nil for the usual ones.
    package var roles: [String]?
    package var name: String?
    /// A UUID, so that backends which know a user by it go on doing so; nil for a new one.
    package var id: String?
    package var emailVerified: Bool?
    package var disabled: Bool?

    package init() {}

    /// From one line of JSON, read as strictly as a request.
    package init(json line: [UInt8]) throws(Problem) {
        let value: JSONValue
        do {
            value = try JSONReader.read(line.span)
        } catch {
            throw Problem("is not JSON: \(error)")
        }
        guard let members = value.members else { throw Problem("is no JSON object") }
        for member in members where !member.value.isNull {
            guard let field = Field(rawValue: member.key) else { throw Self.unknown(member.key) }
            switch field {
            case .email: email = try Self.text(member)
            case .hash: hash = try Self.text(member)
            case .name: name = try Self.text(member)
            case .id: id = try Self.text(member)
            case .emailVerified: emailVerified = try Self.truth(member)
            case .disabled: disabled = try Self.truth(member)
            // What an export tells besides; the new database has a clock of its own.
            case .createdAt: _ = try Self.text(member)
            case .roles:
                let words = member.value.elements?.compactMap(\.string)
                guard let words, words.count == member.value.elements?.count else {
                    throw Problem("roles must be a list of strings")
                }
                roles = words
            }
        }
    }

    /// From the fields of a CSV record, beside the columns of its header. An empty field is an absent one.
    package init(csv fields: [[UInt8]], columns: [Field]) throws(Problem) {
        guard fields.count == columns.count else {
            throw Problem("has \(fields.count) fields, and the header \(columns.count)")
        }
        for (field, bytes) in zip(columns, fields) where !bytes.isEmpty {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Problem("\(field.rawValue) is not UTF-8")
            }
            switch field {
            case .email: email = text
            case .hash: hash = text
            case .name: name = text
            case .id: id = text
            case .emailVerified: emailVerified = try Self.truth(text, field)
            case .disabled: disabled = try Self.truth(text, field)
            case .createdAt: break
            case .roles: roles = text.split { " ,;|".contains($0) }.map(String.init)
            }
        }
    }

    /// The columns that a CSV header names.
    package static func columns(header: [[UInt8]]) throws(Problem) -> [Field] {
        var columns: [Field] = []
        for bytes in header {
            let name = String(decoding: bytes, as: UTF8.self)
            guard let field = Field(rawValue: name) else { throw unknown(name) }
            guard !columns.contains(field) else { throw Problem("the column \(name) is there twice") }
            columns.append(field)
        }
        guard columns.contains(.email), columns.contains(.hash) else {
            throw Problem("the first line must name the columns, at least email and hash")
        }
        return columns
    }

    private static func unknown(_ name: String) -> Problem {
        let known = Field.allCases.map(\.rawValue).joined(separator: " ")
        let isPlain = name.utf8.count <= 40 && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return Problem("\(isPlain ? "`\(name)`" : "one name") is none of the fields \(known)")
    }

    private static func text(_ member: JSONMember) throws(Problem) -> String {
        guard let text = member.value.string else { throw Problem("\(member.key) must be a string") }
        return text
    }

    private static func truth(_ member: JSONMember) throws(Problem) -> Bool {
        guard let truth = member.value.bool else { throw Problem("\(member.key) must be true or false") }
        return truth
    }

    private static func truth(_ text: String, _ field: Field) throws(Problem) -> Bool {
        if text.utf8.elementsEqual("true".utf8) { return true }
        if text.utf8.elementsEqual("false".utf8) { return false }
        throw Problem("\(field.rawValue) must be true or false")
    }
}
