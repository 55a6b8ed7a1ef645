import Testing

@testable import Config

@Suite("What a configuration file may be made of")
struct SourceTextTests {
    private func report(_ bytes: [UInt8]) -> String {
        var problems = Problems()
        var world = World(["base.conf": minimal])
        world.files["gateway.conf"] = bytes
        _ = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
        return problems.report()
    }

    private func report(_ text: String) -> String { report(Array(text.utf8)) }

    @Test("plain text is read") func plain() {
        #expect(report("include base.conf\n# caf\u{E9} \u{2014} fine\n\tworkers\t2") == "")
    }

    @Test("CR LF is refused once for a file, and other mistakes are still found") func carriageReturns() {
        #expect(
            report("include base.conf\r\nworkers 2\r\nworkers x\r\n") == """
                gateway.conf:1:18: error: the lines end with CR LF
                    include base.conf
                                     ^
                    expected: lines that end with LF alone
                    sed -i 's/\\r$//' FILE
                gateway.conf:3:1: error: `workers` is given twice
                    workers x
                    ^^^^^^^
                    the first stands at gateway.conf:2:1

                """)
        #expect(
            report("include base.conf\nwork\rers 2").contains("2:5: error: a carriage return stands inside the line"))
    }

    @Test("a byte order mark is refused") func byteOrderMark() {
        #expect(
            report([0xEF, 0xBB, 0xBF] + Array("include base.conf".utf8)).contains(
                "1:1: error: the file begins with a byte"))
    }

    @Test("NUL bytes and other encodings end the reading of a file") func notText() {
        #expect(
            report(Array("include base.conf\nwor".utf8) + [0]) == """
                gateway.conf:2:4: error: the line holds a NUL byte
                    expected: a text file in UTF-8

                """)
        #expect(report(Array("# caf".utf8) + [0xE9]).contains("1:6: error: the line is not UTF-8"))
        #expect(report([0xFF, 0xFE, 0x6C, 0x00]).contains("NUL"))
    }

    @Test(
        "what cannot be seen is refused",
        arguments: ["\u{A0}", "\u{202E}", "\u{200B}", "\u{1B}", "\u{85}", "\u{E0041}"])
    func invisible(character: String) {
        #expect(report("include base.conf\nworkers\(character)2").contains("2:8: error: the line holds an invisible"))
    }

    @Test("a file above 1 MiB is refused without being read on") func tooLarge() {
        let comment = [UInt8](repeating: UInt8(ascii: "#"), count: SourceText.bytesMax)
        #expect(report(comment).contains("`listen` is missing"))
        #expect(
            report(comment + [0x0A]) == """
                gateway.conf:1:1: error: the file is larger than 1 MiB
                    is this the right file?

                """)
    }

    @Test(
        "garbage ends in a bounded report", arguments: ["}", "{", ";", "\"", "$", "${", "\\", "#", "a\n", "{\n", "a{"])
    func garbage(piece: String) {
        let text = String(repeating: piece, count: 20_000)
        var problems = Problems()
        _ = Configuration.read("gateway.conf", from: World(["gateway.conf": text]).surroundings, problems: &problems)
        #expect(problems.hasErrors)
        #expect(problems.all.count <= Problems.shownMax)
        #expect(problems.report().utf8.count < 200_000)
    }

    @Test("any bytes are answered, never trapped on") func anyBytes() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("listen tokens{}key route /*->\"\\${A:-b};#\n\t 0123456789[]:.,unix@%".utf8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                Bool.random() ? alphabet.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
            }
            var problems = Problems()
            var world = World([:], environment: ["A": "\u{1}", "key": "}"])
            world.files["gateway.conf"] = bytes
            _ = Configuration.read("gateway.conf", from: world.surroundings, problems: &problems)
            _ = problems.report()
            #expect(problems.hasErrors)
        }
    }

    @Test("includes end: loops, depth and number are bounded") func includeBounds() {
        var files: [String: String] = ["gateway.conf": "include base.conf\ninclude 0.conf", "base.conf": minimal]
        for depth in 0..<20 { files["\(depth).conf"] = "include \(depth + 1).conf\ninclude \(depth + 1).conf" }
        var problems = Problems()
        _ = Configuration.read("gateway.conf", from: World(files).surroundings, problems: &problems)
        let report = problems.report()
        #expect(report.contains("files include one another more than 8 deep"))
        var wide = ["gateway.conf": "include base.conf\n" + String(repeating: "include a.conf\n", count: 300)]
        wide["base.conf"] = minimal
        wide["a.conf"] = "# nothing"
        problems = Problems()
        _ = Configuration.read("gateway.conf", from: World(wide).surroundings, problems: &problems)
        #expect(problems.report().contains("more than 256 files are included"))
    }

    @Test("blocks nest to a depth that is bounded") func nesting() {
        let text = String(repeating: "tokens {", count: 5_000)
        #expect(report(text).contains("blocks stand more than 8 deep"))
    }
}
