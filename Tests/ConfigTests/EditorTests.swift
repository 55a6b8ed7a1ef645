import Foundation
import Testing

private let vim = "/usr/bin/vim"

/// The colours for Vim, as Vim itself sees them. (Those for VS Code are only held against the words of the language.)
@Suite("Colours in Vim", .enabled(if: FileManager.default.isExecutableFile(atPath: vim), "vim is not installed"))
struct EditorTests {
    /// Each word of a file with the name of its colour, line by line; a comment is one word.
    private static func coloured(_ text: String) throws -> [[(word: String, colour: String)]] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gatehouse-vim-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = """
            set rtp^=\(ManualTests.root.path)/deploy/editor/vim
            filetype plugin on
            syntax on
            edit gateway.conf
            let out = []
            for number in range(1, line('$'))
              let column = 0
              while column < len(getline(number))
                let word = matchstr(getline(number), '^\\%(#.*\\|\\S\\+\\)', column)
                if word != ''
                  call add(out, join([number, word, synIDattr(synID(number, column + 1, 1), 'name')], "\\t"))
                endif
                let column += max([1, len(word)])
              endwhile
            endfor
            call writefile(out, 'out')
            qa!

            """
        try text.write(to: folder.appendingPathComponent("gateway.conf"), atomically: true, encoding: .utf8)
        try script.write(to: folder.appendingPathComponent("look.vim"), atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: vim)
        process.arguments = ["-u", "NONE", "-i", "NONE", "-N", "-es", "-S", "look.vim"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { _ in
            [(word: String, colour: String)]()
        }
        let out = try String(contentsOf: folder.appendingPathComponent("out"), encoding: .utf8)
        for line in out.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let number = try #require(Int(parts[0]))
            lines[number - 1].append((parts[1], parts[2]))
        }
        return lines
    }

    @Test("every line of the example begins with a directive or a bracket, and ends where its comment begins")
    func example() throws {
        let lines = try Self.coloured(try ManualTests.text("gateway.conf.example"))
        var directives = 0
        for line in lines {
            for (index, (word, colour)) in line.enumerated() {
                if word.hasPrefix("#") {
                    #expect(colour == "gatehouseComment", "\(word)")
                } else if word == "->" {
                    #expect(colour == "gatehouseArrow")
                } else if index == 0, !["}", "]"].contains(word) {
                    directives += 1
                    #expect(colour == "gatehouseDirective", "\(word)")
                }
            }
        }
        #expect(directives > 30)
    }

    @Test("words of a route, methods, amounts and texts in quotes have their own colours")
    func words() throws {
        let lines = try Self.coloured(
            """
            route GET,POST /a#b/{id} public strip-authorization -> web
            tokens { access 15m }
            database postgres "postgresql://a/#b"
            """)
        #expect(
            lines[0].map(\.colour).filter { !$0.isEmpty } == [
                "gatehouseDirective", "gatehouseMethod", "gatehouseWord", "gatehouseWord", "gatehouseArrow",
            ])
        #expect(lines[1].map(\.colour).contains("gatehouseQuantity"))
        #expect(lines[2].map(\.colour) == ["gatehouseDirective", "gatehouseWord", "gatehouseString"])
    }
}
