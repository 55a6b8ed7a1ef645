import Foundation
import Reasons
import Storage
import Testing

@testable import Config

@Suite("Documents")
struct DocumentsTests {
    @Test("docs/errors.md lists every code with its status, and no other")
    func errors() throws {
        let rows = try Repository.text("docs/errors.md").matches(of: #/(?m)^\| `([A-Z0-9_]+)` \| (\d{3}) \|/#)
        let listed = Dictionary(rows.map { (String($0.1), UInt16($0.2)) }, uniquingKeysWith: { first, _ in first })
        #expect(listed.count == rows.count, "a code is listed twice")
        let known = Dictionary(uniqueKeysWithValues: Reason.allCases.map { ($0.code, Optional($0.status)) })
        for (code, status) in known { #expect(listed[code] == status, "\(code) in docs/errors.md") }
        #expect(Set(listed.keys).subtracting(known.keys).isEmpty, "codes that nothing answers")
    }

    @Test("no two reasons share a code, and every sentence is one")
    func reasons() {
        for reason in Reason.allCases {
            #expect(reason.sentence.hasSuffix("."), "\(reason.code)")
            #expect(reason.code.contains(#/^[A-Z][A-Z0-9_]+$/#), "\(reason.code)")
            #expect((400...599).contains(reason.status), "\(reason.code)")
        }
    }

    @Test(
        "the example configuration and docs/configuration.md name every directive",
        arguments: ["gateway.conf.example", "docs/configuration.md"])
    func directives(file: String) throws {
        let text = try Repository.text(file)
        for directive in DirectiveSpec.all {
            #expect(
                text.contains(try Regex(#"(?m)\b\#(NSRegularExpression.escapedPattern(for: directive.name))\b"#)),
                "\(file) does not name \(directive.name)")
        }
    }

    @Test("every word that begins a condition is a documented line of a policy, and of `any`")
    func conditions() {
        let words = Set(ConditionWord.allCases).subtracting([.policy]).map(\.rawValue)
        #expect(Set(DirectiveSpec.names(in: .policy)) == Set(words + ["any"]))
        #expect(Set(DirectiveSpec.names(in: .policyAny)) == Set(words))
    }

    @Test("docs/operations.md names every kind of security event")
    func auditKinds() throws {
        let text = try Repository.text("docs/operations.md")
        for kind in AuditEvent.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`"), "\(kind)") }
    }

    @Test("every link between documents leads somewhere")
    func links() throws {
        let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        let files =
            try top.map { SourceFile(path: $0, text: try Repository.text($0)) } + Repository.files(in: "docs", "md")
        for file in files {
            let folder = Repository.root.appending(path: file.path).deletingLastPathComponent()
            for link in file.text.matches(of: #/\]\(([^)#\s]+)(?:#[^)]*)?\)/#) where !link.1.contains("://") {
                let target = folder.appending(path: String(link.1)).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(file.path) links to \(link.1)")
            }
        }
    }

    @Test("the change log begins with what is not released yet")
    func changeLog() throws {
        let headings = try Repository.text("CHANGELOG.md").matches(of: #/(?m)^## (.*)$/#).map { String($0.1) }
        #expect(headings.first == "Unreleased")
    }

    @Test("CI runs the README's test command, and nothing else")
    func continuousIntegration() throws {
        let commands = try Repository.text(".ci/run").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(commands == ["set -euo pipefail", #"cd "$(dirname "$0")/..""#, "exec deploy/test"])
        #expect(try Repository.text("README.md").contains("deploy/test"))
        #expect(try Repository.text("README.md").contains("deploy/quickstart"))
    }

    @Test(
        "scripts stop at the first failure and can be run",
        arguments: [".ci/run", "deploy/quickstart", "deploy/test", "deploy/postgresql"])
    func scripts(path: String) throws {
        let text = try Repository.text(path)
        #expect(text.hasPrefix("#!/usr/bin/env bash\n"))
        #expect(text.contains("\nset -euo pipefail\n"))
        #expect(FileManager.default.isExecutableFile(atPath: Repository.root.appending(path: path).path))
    }
}
