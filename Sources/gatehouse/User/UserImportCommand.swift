import Accounts
import ArgumentParser
import Encoding
import EventLoop
import Storage

struct UserImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add accounts from a file, with the password hashes of the system they come from.",
        discussion: """
            Each line is a JSON object with the members email and hash, and if wanted roles (a list), name, id (a UUID), \
            emailVerified and disabled; or a CSV record under a header that names these columns, with the roles parted by \
            blanks. Hashes: bcrypt ($2a$ $2b$ $2y$) of cost 4 to 14, $5$ and $6$ up to 1,000,000 rounds, $y$ $gy$ $7$ within a \
            second of work. An account that exists stays as it is, so an import that was cut short is run again.
            """)

    @Argument(help: "The file; `-` for standard input.")
    var file: String

    @Option(help: "jsonl or csv; by default what the file's name says, jsonl otherwise.")
    var format: String?

    @OptionGroup var options: UserOptions

    private static let bytesMax = 1 << 30

    func validate() throws {
        if let format, UserFile.Format(rawValue: format) == nil { throw ValidationError("--format is jsonl or csv") }
    }

    func run() throws {
        var users = try open()
        var report = ImportReport(file: file)
        // One line for all of them, at the end.
        try options.administer(isTellingAudit: false, mayCreate: true) { administration in
            var lines: [UserFile.Line] = []
            while let line = users.next() {
                lines.append(line)
                guard lines.count == Administration.importBatch else { continue }
                try take(lines, administration, &report)
                lines = []
                report.showProgress(users)
            }
            try take(lines, administration, &report)
        }
        report.finish(inJSON: options.json.isOn)
        if report.refused > 0 { throw QuietFailure(status: .failed) }
    }

    private func open() throws -> UserFile {
        let known = UserFile.Format(rawValue: format ?? "") ?? (file.hasSuffix(".csv") ? .csv : .jsonl)
        do {
            let bytes =
                file == "-"
                ? try StandardStreams.readInput(bytesMax: Self.bytesMax)
                : try FileSystem.read(file, bytesMax: Self.bytesMax).bytes
            return try UserFile(bytes, format: known)
        } catch let problem as UserRecord.Problem {
            throw CommandFailure("\(file):1: \(problem.words)")
        } catch let problem as FileProblem {
            throw CommandFailure("\(problem)")
        }
    }

    private func take(_ lines: [UserFile.Line], _ administration: Administration, _ report: inout ImportReport) throws {
        let outcomes = try administration.importUsers(lines.compactMap { try? $0.record.get() })
        var next = outcomes.makeIterator()
        for line in lines {
            switch line.record {
            case .failure(let problem): report.add(.refused(problem.words), at: line.number)
            case .success: if let outcome = next.next() { report.add(outcome, at: line.number) }
            }
        }
    }
}

/// What came of an import so far. Refused lines are told as they come, so that a file of nothing else needs no memory.
private struct ImportReport {
    let file: String
    private var added = 0
    private var existing = 0
    private(set) var refused = 0
    private var bar = ProgressBar()

    init(file: String) { self.file = file }

    mutating func add(_ outcome: Administration.Imported, at line: Int) {
        switch outcome {
        case .added: added += 1
        case .existing: existing += 1
        case .refused(let words):
            refused += 1
            bar.clear()
            StandardStreams.reportError("\(file):\(line): \(words)")
        }
    }

    mutating func showProgress(_ users: UserFile) {
        bar.show(users.offset, of: users.size, "\(added) added")
    }

    mutating func finish(inJSON: Bool) {
        bar.clear()
        if added > 0 {
            let kind = AuditEvent.Kind.userImported.rawValue
            StandardStreams.reportError("gatehouse: audit \(kind) outcome=ok times=\(added)")
        }
        if inJSON {
            var answer = JSONWriter()
            answer.beginObject()
            answer.member("added", Int64(added))
            answer.member("existing", Int64(existing))
            answer.member("refused", Int64(refused))
            answer.endObject()
            printJSON(answer.finish())
        } else {
            print("added \(added), there already \(existing), refused \(refused)")
        }
    }
}
