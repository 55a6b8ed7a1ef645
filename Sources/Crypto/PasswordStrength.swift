import CZxcvbn

/// How hard a password is to guess, by libzxcvbn. Its dictionary is part of the library and it keeps no state between calls,
/// so any thread may ask at any time.
package enum PasswordStrength {
    private static let wordBytesMax = 254

    /// The estimated entropy in bits; 0 for a password that holds a NUL byte.
    ///
    /// - Parameters:
    ///   - password: only the first 72 bytes are looked at, because the cost grows with the length (about 0.5 ms there).
    ///   - dictionary: up to 16 words that an attacker tries first: the email, the name. Whole words; parts of them are not
    ///     looked for.
    package static func bits(_ password: borrowing Span<UInt8>, dictionary: [String]) -> Double {
        var words: [UInt8] = []
        var wordCount = 0
        for word in dictionary where !word.utf8.isEmpty && !word.utf8.contains(0) && word.utf8.count <= wordBytesMax {
            words.append(contentsOf: word.utf8)
            words.append(0)
            wordCount += 1
        }
        let head = password.extracting(first: PasswordHash.passwordBytesMax)
        let bits = unsafe withSecretCString(head) { password in
            unsafe words.withUnsafeBufferPointer { words in
                unsafe words.withMemoryRebound(to: CChar.self) { words in
                    unsafe czxcvbn_bits(password, words.baseAddress, wordCount)
                }
            }
        }
        return bits ?? 0
    }
}
