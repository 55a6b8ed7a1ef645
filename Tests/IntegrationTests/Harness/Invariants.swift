/// What must hold for every head that reaches a backend, whatever the client sent.
///
/// The standing invariants of the catalogue of attacks: a recording backend checks them on everything it receives.
enum Invariants {
    /// - Parameter head: from the request line to the empty line.
    static func violations(ofHead head: [UInt8]) -> [String] {
        var found: [String] = []
        var lines = WireResponse.lines(head)
        guard !lines.isEmpty else { return ["no request line"] }
        let requestLine = lines.removeFirst()
        if !isRequestLine(requestLine) { found.append("request line \(requestLine.text.debugDescription)") }

        var fields: [WireField] = []
        for line in lines {
            if line.first == 0x20 || line.first == 0x09 { found.append("obs-fold \(line.text.debugDescription)") }
            if line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                found.append("control byte in \(line.text.debugDescription)")
            }
            guard let field = WireField(line: line) else {
                found.append("line without a colon \(line.text.debugDescription)")
                continue
            }
            if field.name.isEmpty || !field.name.utf8.allSatisfy(isTokenByte) {
                found.append("name \(field.name.debugDescription)")
            }
            fields.append(field)
        }

        let lengths = fields.folded("Content-Length")
        let codings = fields.folded("Transfer-Encoding")
        if fields.folded("Host").count != 1 { found.append("\(fields.folded("Host").count) Host fields") }
        if lengths.count > 1 { found.append("Content-Length repeated") }
        if codings.count > 1 { found.append("Transfer-Encoding repeated") }
        if !lengths.isEmpty && !codings.isEmpty { found.append("Content-Length beside Transfer-Encoding") }
        for length in lengths where length.value.isEmpty || !length.value.utf8.allSatisfy(isDigit) {
            found.append("\(length)")
        }
        for coding in codings where coding.value != "chunked" { found.append("\(coding)") }
        for field in lengths + codings where field.name.contains("_") { found.append("\(field)") }
        for name in ["Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Proxy-Authorization", "Proxy"]
        where fields.first(name) != nil {
            found.append("hop-by-hop \(name)")
        }
        return found
    }

    /// Method, target and version with one blank between, the target printable ASCII in origin- or asterisk-form.
    private static func isRequestLine(_ line: [UInt8]) -> Bool {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        let isMethod = !parts[0].isEmpty && parts[0].allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x2D }
        let target = parts[1]
        let isOrigin = target.first == UInt8(ascii: "/") || target.elementsEqual("*".utf8)
        let isPlain = target.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        return isMethod && isOrigin && isPlain && parts[2].elementsEqual("HTTP/1.1".utf8)
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
