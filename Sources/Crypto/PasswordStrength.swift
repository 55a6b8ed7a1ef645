/// How hard a password is to guess, by libzxcvbn.
package enum PasswordStrength {
    /// The estimated entropy in bits.
    ///
    /// - Parameters:
    ///   - password: only the first 72 bytes are looked at, because the cost grows with the square of the length.
    ///   - dictionary: words the attacker tries first: the email, its parts, the name.
    package static func bits(_ password: borrowing Span<UInt8>, dictionary: [String]) -> Double { 0 }
}
