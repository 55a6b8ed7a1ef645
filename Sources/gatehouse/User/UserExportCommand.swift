import Accounts
import ArgumentParser
import Encoding
import EventLoop

struct UserExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all accounts, with their password hashes, in a form that `user import` reads.",
        discussion:
            "Guard what it writes like the database itself. A file is made with mode 0600 and never overwritten.")

    @Argument(help: "The file to make; by default standard output.")
    var file: String?

    @Option(help: "jsonl or csv; by default what the file's name says, jsonl otherwise.")
    var format: String?

    @OptionGroup var options: UserOptions

    private static let pageSize = 500

    func validate() throws {
        if let format, UserFile.Format(rawValue: format) == nil { throw ValidationError("--format is jsonl or csv") }
    }

    func run() throws {
        let isCSV =
            (UserFile.Format(rawValue: format ?? "") ?? (file?.hasSuffix(".csv") == true ? .csv : .jsonl)) == .csv
        do {
            let nothing: [UInt8] = []
            if let file { try FileSystem.create(file, contents: nothing.span, mode: 0o600) }
            let output = try file.map { try File(appendingTo: $0, mode: 0o600) } ?? File.standardOutput
            let path = file ?? "standard output"
            if isCSV { try output.writeAll(Array("\(Self.header)\r\n".utf8).span, path: path) }
            try options.administer { administration in
                var last: String?
                while true {
                    let page = try administration.export(after: last, limit: Self.pageSize)
                    let lines = page.flatMap { isCSV ? Self.csv($0) : Self.json($0) }
                    try output.writeAll(lines.span, path: path)
                    guard page.count == Self.pageSize else { break }
                    last = page.last?.account.email
                }
            }
            if file != nil { try output.synchronize(path: path) }
        } catch let problem as FileProblem {
            throw CommandFailure("\(problem)")
        }
    }

    private static func json(_ user: Administration.Exported) -> [UInt8] {
        let account = user.account
        var json = JSONWriter()
        json.beginObject()
        json.member("email", account.email)
        json.member("hash", user.hash)
        json.member("roles", account.roles)
        json.member("name", orNull: account.name)
        json.member("id", account.id)
        json.member("emailVerified", account.emailVerified)
        json.member("disabled", account.isDisabled)
        json.member("createdAt", RFC3339.format(milliseconds: account.createdAt))
        json.endObject()
        return json.finish() + [UInt8(ascii: "\n")]
    }

    private static let header = "email,hash,roles,name,id,emailVerified,disabled,createdAt"

    private static func csv(_ user: Administration.Exported) -> [UInt8] {
        let account = user.account
        // An empty field would mean the usual roles; nothing but a separator means none.
        let roles = account.roles.isEmpty ? "," : account.roles.joined(separator: " ")
        let fields = [
            account.email, user.hash, roles, account.name ?? "", account.id,
            "\(account.emailVerified)", "\(account.isDisabled)", RFC3339.format(milliseconds: account.createdAt),
        ]
        return Array((fields.map(quoted).joined(separator: ",") + "\r\n").utf8)
    }

    /// RFC 4180: in quotes where it has to be, with every quote in it doubled.
    private static func quoted(_ field: String) -> String {
        let mustQuote = field.utf8.contains { "\",\r\n".utf8.contains($0) }
        return mustQuote ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
}
