import Foundation

/// Libraries that backends take a path from, asked in programs of their own.
enum PathPrograms {
    /// What Node's URL parsers and `decodeURIComponent` make of targets, one by one and together, as frameworks do.
    static func node(_ targets: [[UInt8]]) throws -> [[PathReading]] {
        try run(["node"], "node", script: nodeScript, targets)
    }

    /// What Python's `urllib.parse` and `posixpath` make of targets; and Tomcat's and Spring's order of steps.
    static func python(_ targets: [[UInt8]]) throws -> [[PathReading]] {
        try run(["python3"], "python", script: pythonScript, targets)
    }

    private static func run(
        _ command: [String], _ name: String, script: String, _ targets: [[UInt8]]
    ) throws -> [[PathReading]] {
        let folder = try TemporaryFolder(name)
        defer { folder.remove() }
        let input = try folder.write("targets", targets.map(hexadecimal).joined(separator: "\n"))
        let (ending, _, errors) = try ChildProcess.run(
            ["/usr/bin/env"] + command + [try folder.write("read", script), input, folder.file("readings")],
            by: .seconds(120))
        guard ending == .exit(0) else { throw Failure("\(name): \(ending) \(errors)") }
        let lines = try folder.read("readings").split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == targets.count else { throw Failure("\(name): \(lines.count) lines for \(targets.count)") }
        return try lines.map { line in try line.split(separator: " ").map { try reading($0, of: name) } }
    }

    /// `r.label=hex` for a reading without decoding, `d.label=hex` for one with it.
    private static func reading(_ word: Substring, of program: String) throws -> PathReading {
        let parts = word.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Failure("\(program): \(word)") }
        return PathReading(
            reader: "\(program) \(parts[0].dropFirst(2))", path: bytes(parts[1]), isDecoded: parts[0].hasPrefix("d"))
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func bytes(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value = digit < 0x3A ? digit - 0x30 : digit - 0x61 + 10
            if let first = high { bytes.append(first << 4 | value) }
            high = high == nil ? value : nil
        }
        return bytes
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static let nodeScript = #"""
        const fs = require('fs'), url = require('url'), path = require('path')
        const steps = {
            component: decodeURIComponent, uri: decodeURI, unescape: unescape, qs: require('querystring').unescape,
            normalize: p => path.posix.normalize(decodeURIComponent(p)),
            windows: p => path.win32.normalize(decodeURIComponent(p)).replaceAll('\\', '/'),
        }
        const lines = fs.readFileSync(process.argv[2], 'latin1').split('\n').map(hex => {
            const target = Buffer.from(hex, 'hex').toString('latin1')
            const found = new Map()
            const add = (label, read) => {
                try {
                    const text = read(), key = label[0] + text
                    if (text && !found.has(key)) found.set(key, label + '=' + Buffer.from(text).toString('hex'))
                    return text
                } catch { return null }
            }
            const raw = {
                express: () => target.split(/[?#]/)[0],
                URL: () => new URL('http://a.test' + target).pathname,
                relative: () => new URL(target, 'http://a.test').pathname,
                parse: () => url.parse(target).pathname,
                whole: () => url.parse('http://a.test' + target).pathname,
                host: () => url.parse(target, false, true).pathname,
            }
            for (const [name, read] of Object.entries(raw)) {
                const text = add('r.' + name, read)
                if (text) for (const [step, f] of Object.entries(steps)) add('d.' + name + '+' + step, () => f(text))
            }
            return [...found.values()].join(' ')
        })
        fs.writeFileSync(process.argv[3], lines.join('\n'))
        """#

    private static let pythonScript = #"""
        import posixpath, re, sys
        from urllib.parse import unquote, unquote_plus, unquote_to_bytes, urlparse, urlsplit

        STEPS = {
            'unquote': unquote, 'plus': unquote_plus, 'bytes': unquote_to_bytes,
            'latin1': lambda p: unquote(p, 'latin-1'),
            'normpath': lambda p: posixpath.normpath(unquote(p)),
            'merged': lambda p: re.sub('/+', '/', unquote(p)),
            'tomcat': lambda p: posixpath.normpath(unquote(re.sub(';[^/]*', '', p))),
            'spring': lambda p: re.sub('/+', '/', re.sub(';[^/]*', '', unquote(p))),
        }
        READERS = {
            'raw': lambda t: re.split('[?#]', t)[0],
            'urlsplit': lambda t: urlsplit(t).path,
            'urlparse': lambda t: urlparse(t).path,
            'whole': lambda t: urlsplit('http://a.test' + t).path,
            'cut': lambda t: re.sub(';[^/]*', '', re.split('[?#]', t)[0]),
        }

        def readings(target):
            found = {}
            def add(label, text):
                data = text if isinstance(text, bytes) else text.encode('utf-8', 'surrogateescape')
                if data:
                    found.setdefault((label[0], data), label + '=' + data.hex())
            for name, read in READERS.items():
                try:
                    text = read(target)
                except ValueError:
                    continue
                add('r.' + name, text)
                for step, f in STEPS.items():
                    add('d.' + name + '+' + step, f(text))
            return ' '.join(found.values())

        lines = open(sys.argv[1]).read().split('\n')
        with open(sys.argv[2], 'w') as out:
            out.write('\n'.join(readings(bytes.fromhex(line).decode('latin-1')) for line in lines))
        """#
}
