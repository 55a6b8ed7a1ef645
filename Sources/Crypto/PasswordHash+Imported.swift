import CCrypt

/// Hashes that other systems made: what is taken over, what is refused, and how one is compared.
///
/// Only forms whose work is known from their text are computed at all, whoever stored them: a hash says how long its
/// comparison takes, so a planted one could keep a thread busy for a year, or take all memory.
extension PasswordHash {
    /// bcrypt costs that an import takes over; the upper end is a second of work.
    package static let importedCosts = 4...14
    /// Rounds of SHA-crypt (`$5$`, `$6$`): below, libcrypt refuses; above is more than a second.
    static let shaRounds = 1_000...1_000_000
    /// Work of yescrypt (`$y$`, `$gy$`), as blocks of 128 bytes that it fills: 512 MiB, six tenths of a second.
    static let yescryptBlocksMax: UInt64 = 1 << 22
    /// Work of scrypt (`$7$`), which is dearer a block: 256 MiB, six tenths of a second.
    static let scryptBlocksMax: UInt64 = 1 << 21

    /// Why a hash is not taken over; nil when people can log in with it.
    package static func objection(toImported hash: String) -> String? {
        if hash.hasPrefix("$2") {
            guard let cost = cost(of: hash) else {
                return "is no bcrypt hash of a kind that is taken ($2a$, $2b$, $2y$)"
            }
            return importedCosts.contains(cost) ? nil : "has a bcrypt cost outside 4 to 14"
        }
        guard let scheme = Scheme.allCases.first(where: { hash.hasPrefix($0.rawValue) }) else {
            return "is of a scheme that is not taken; bcrypt, $5$, $6$, $y$, $gy$ and $7$ are"
        }
        switch scheme.judge(hash) {
        case .good: return nil
        case .tooMuchWork: return "is more than a second of work"
        case .malformed: return "is no \(scheme.rawValue) hash"
        }
    }

    /// Whether a hash of another scheme than bcrypt may be computed.
    static func isForeign(_ hash: String) -> Bool {
        Scheme.allCases.contains { hash.hasPrefix($0.rawValue) && $0.judge(hash) == .good }
    }

    /// Compares with a hash of another scheme. All of them begin with their setting, so that equal texts are equal hashes.
    static func verifyForeign(_ password: borrowing Span<UInt8>, against hash: String) -> Bool {
        guard let computed = crypt(password, hash) else { return false }
        return constantTimeEqual(Array(computed.utf8).span, Array(hash.utf8).span)
    }

    /// Schemes of crypt(5) besides bcrypt.
    private enum Scheme: String, CaseIterable {
        case sha256 = "$5$"
        case sha512 = "$6$"
        case yescrypt = "$y$"
        case gostYescrypt = "$gy$"
        case scrypt = "$7$"

        enum Verdict { case good, tooMuchWork, malformed }

        func judge(_ hash: String) -> Verdict {
            let parts = hash.utf8.dropFirst(rawValue.utf8.count)
                .split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).map { Array($0) }
            switch self {
            case .sha256: return Self.judgeSHA(parts, digestBytes: 43)
            case .sha512: return Self.judgeSHA(parts, digestBytes: 86)
            case .yescrypt, .gostYescrypt: return Self.judgeYescrypt(parts)
            case .scrypt: return Self.judgeScrypt(parts)
            }
        }

        /// `[rounds=N$]salt$digest`
        private static func judgeSHA(_ parts: [[UInt8]], digestBytes: Int) -> Verdict {
            var parts = parts[...]
            var rounds = 5_000
            let word = Array("rounds=".utf8)
            if parts.count == 3, let first = parts.popFirst() {
                let digits = first.dropFirst(word.count)
                guard first.starts(with: word), (1...9).contains(digits.count), digits.first != UInt8(ascii: "0"),
                    digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
                else { return .malformed }
                rounds = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            }
            guard parts.count == 2, let salt = parts.first, let digest = parts.last, salt.count <= 16,
                digest.count == digestBytes, (salt + digest).allSatisfy({ digit($0) != nil }),
                rounds >= shaRounds.lowerBound
            else { return .malformed }
            return rounds <= shaRounds.upperBound ? .good : .tooMuchWork
        }

        /// `jNr$salt$digest`: N and r in one digit each, as `crypt_gensalt` writes them. Longer forms have parameters that
        /// multiply the work; nothing writes them into password files.
        private static func judgeYescrypt(_ parts: [[UInt8]]) -> Verdict {
            guard parts.count == 3, parts[0].count == 3, parts[0][0] == UInt8(ascii: "j"),
                let exponent = digit(parts[0][1]), let size = digit(parts[0][2]), exponent < 47, size < 47,
                isSaltAndDigest(parts[1], parts[2])
            else { return .malformed }
            let blocks = (UInt64(1) << UInt64(exponent + 1)).multipliedReportingOverflow(by: UInt64(size + 1))
            return blocks.overflow || blocks.partialValue > yescryptBlocksMax ? .tooMuchWork : .good
        }

        /// `NrrrrrpppppSALT$digest`: log2 of N in one digit, r and p in five, the lowest first.
        private static func judgeScrypt(_ parts: [[UInt8]]) -> Verdict {
            guard parts.count == 2, parts[0].count >= 11, let exponent = digit(parts[0][0]),
                let size = number(parts[0][1..<6]), let lanes = number(parts[0][6..<11]), exponent > 0, size > 0,
                lanes > 0, isSaltAndDigest(Array(parts[0][11...]), parts[1])
            else { return .malformed }
            // Thirty bits each, so their product has sixty.
            let blocks = (size * lanes).multipliedReportingOverflow(by: UInt64(1) << UInt64(exponent))
            return blocks.overflow || blocks.partialValue > scryptBlocksMax ? .tooMuchWork : .good
        }

        private static func isSaltAndDigest(_ salt: [UInt8], _ digest: [UInt8]) -> Bool {
            salt.count <= 86 && digest.count == 43 && (salt + digest).allSatisfy { digit($0) != nil }
        }

        private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
            var value: UInt64 = 0
            for byte in digits.reversed() {
                guard let digit = digit(byte) else { return nil }
                value = value << 6 | UInt64(digit)
            }
            return value
        }

        /// crypt's base64: `./0-9A-Za-z` are 0 to 63.
        private static func digit(_ byte: UInt8) -> Int? {
            switch byte {
            case UInt8(ascii: "."): 0
            case UInt8(ascii: "/"): 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 2
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 12
            case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 38
            default: nil
            }
        }
    }
}
