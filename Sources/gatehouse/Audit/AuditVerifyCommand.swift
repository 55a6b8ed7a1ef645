import Accounts
import ArgumentParser
import Encoding
import EventLoop

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find out whether a security event was changed, removed or cut off.",
        discussion: """
            Prints the last record as N:DIGEST. Note it somewhere else: given back with --head, it also shows that the \
            whole database was set back to an older state, which nothing inside it can show. Exits 1 when something is wrong.
            """)

    @Option(help: "A record that must still be there, as an earlier run printed it: N:DIGEST.")
    var head: String?

    @OptionGroup var options: AuditOptions

    func validate() throws {
        if let head, AuditVerification.Noted(head) == nil {
            throw ValidationError("--head is N:DIGEST, with 64 hexadecimal digits, as `audit verify` prints it")
        }
    }

    func run() throws {
        let verdict = try options.read { loaded, store in
            try AuditVerification(keys: loaded.auditKeys, store: store)
                .verify(noted: head.flatMap { AuditVerification.Noted($0) })
        }
        if options.json.isOn { printJSON(json(of: verdict)) } else { show(verdict) }
        if !verdict.problems.isEmpty { throw QuietFailure(status: .failed) }
    }

    private func show(_ verdict: AuditVerification.Verdict) {
        for problem in verdict.problems { StandardStreams.reportError("gatehouse: \(problem)") }
        if verdict.unchained > 0 {
            print("\(verdict.unchained) records are older than the chain and prove nothing")
        }
        if verdict.removedUpTo > 0 { print("records up to \(verdict.removedUpTo) were removed for their age") }
        let judgement = verdict.problems.isEmpty ? "are whole" : "were read, and the audit is not whole"
        print("\(verdict.records) records \(judgement)")
        if !verdict.headDigest.isEmpty { print("head \(verdict.headSeq):\(verdict.headDigest)") }
    }

    private func json(of verdict: AuditVerification.Verdict) -> [UInt8] {
        var answer = JSONWriter()
        answer.beginObject()
        answer.member("ok", verdict.problems.isEmpty)
        answer.member("records", verdict.records)
        answer.member("unchained", verdict.unchained)
        answer.member("removedUpTo", verdict.removedUpTo)
        answer.member("head", orNull: verdict.headDigest.isEmpty ? nil : "\(verdict.headSeq):\(verdict.headDigest)")
        answer.member("problems", verdict.problems)
        answer.endObject()
        return answer.finish()
    }
}
