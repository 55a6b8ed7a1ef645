/// Swift source without what is not code.
///
/// Not a parser: it knows comments, string literals with their raw and multi-line forms, and interpolations (which are
/// blanked with their string). That is enough to tell `unsafe` from a sentence about it.
enum SwiftCode {
    /// Comments and literals become blanks; lines stay where they are.
    static func strip(_ text: String) -> String {
        var scanner = Scanner(source: Array(text.utf8))
        return scanner.strip()
    }

    private struct Scanner {
        let source: [UInt8]
        var index = 0
        var output: [UInt8] = []

        mutating func strip() -> String {
            output.reserveCapacity(source.count)
            while index < source.count {
                switch source[index] {
                case UInt8(ascii: "/") where sees("//"): lineComment()
                case UInt8(ascii: "/") where sees("/*"): blockComment()
                case UInt8(ascii: "\""): string(hashes: 0)
                case UInt8(ascii: "#"):
                    if let hashes = stringStart() { string(hashes: hashes) } else { copy() }
                default: copy()
                }
            }
            return String(decoding: output, as: UTF8.self)
        }

        func sees(_ word: StaticString, at offset: Int = 0) -> Bool {
            let start = index + offset
            let count = word.utf8CodeUnitCount
            guard start + count <= source.count else { return false }
            return (0..<count).allSatisfy { source[start + $0] == word.utf8Start[$0] }
        }

        /// A quote, or three, with as many `#` behind it as before the string.
        func seesEnd(_ quotes: Int, _ hashes: Int) -> Bool {
            guard index + quotes + hashes <= source.count else { return false }
            let end = source[index..<index + quotes + hashes]
            return end.prefix(quotes).allSatisfy { $0 == UInt8(ascii: "\"") }
                && end.dropFirst(quotes).allSatisfy { $0 == UInt8(ascii: "#") }
        }

        /// A backslash with as many `#` behind it as before the string.
        func seesEscape(_ hashes: Int) -> Bool {
            guard source[index] == UInt8(ascii: "\\"), index + hashes < source.count else { return false }
            return source[index + 1..<index + 1 + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
        }

        mutating func copy() {
            output.append(source[index])
            index += 1
        }

        mutating func blank(_ count: Int = 1) {
            for _ in 0..<count where index < source.count {
                output.append(source[index] == UInt8(ascii: "\n") ? source[index] : UInt8(ascii: " "))
                index += 1
            }
        }

        mutating func lineComment() {
            while index < source.count, source[index] != UInt8(ascii: "\n") { blank() }
        }

        mutating func blockComment() {
            var depth = 0
            repeat {
                if sees("/*") {
                    depth += 1
                    blank(2)
                } else if sees("*/") {
                    depth -= 1
                    blank(2)
                } else {
                    blank()
                }
            } while depth > 0 && index < source.count
        }

        /// The number of `#` before a quote that begins a literal here; nil when none begins.
        func stringStart() -> Int? {
            var hashes = 0
            while sees("#", at: hashes) { hashes += 1 }
            return sees("\"", at: hashes) ? hashes : nil
        }

        mutating func string(hashes: Int) {
            blank(hashes)
            let quotes = sees("\"\"\"") ? 3 : 1
            blank(quotes)
            while index < source.count, !seesEnd(quotes, hashes) {
                if seesEscape(hashes) {
                    blank(1 + hashes)
                    if sees("(") { interpolation() } else { blank() }
                } else {
                    blank()
                }
            }
            blank(quotes + hashes)
        }

        /// From its opening parenthesis to the closing one.
        mutating func interpolation() {
            var depth = 0
            repeat {
                if let hashes = stringStart() {
                    string(hashes: hashes)
                    continue
                }
                if sees("(") { depth += 1 }
                if sees(")") { depth -= 1 }
                blank()
            } while depth > 0 && index < source.count
        }
    }
}
