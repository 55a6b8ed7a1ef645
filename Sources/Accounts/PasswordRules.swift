import Crypto

/// What a password must be. The rules about its shape cost nothing and answer alike whoever the account is
/// (CVE-2025-22234: a length check after the look-up told known emails from unknown ones); the guess at its strength is
/// slow and belongs on the password pool.
struct PasswordRules: Sendable {
    static let scalarsMin = 8

    let strengthBitsMin: Double

    /// Why a password cannot be the right one, whoever's it is; nil when it may be. For a login: old passwords may be
    /// shorter or weaker than new ones.
    static func complaint(aboutPresented password: String) -> String? {
        if password.isEmpty { return "is required" }
        if password.utf8.count > PasswordHash.passwordBytesMax {
            return "must have \(PasswordHash.passwordBytesMax) bytes or fewer"
        }
        if password.utf8.contains(0) { return "must not contain a NUL byte" }
        return nil
    }

    /// Why a new password is refused for its shape; nil when it is well.
    static func complaint(aboutNew password: String) -> String? {
        if let complaint = complaint(aboutPresented: password) { return complaint }
        if password.unicodeScalars.count < scalarsMin { return "must have \(scalarsMin) characters or more" }
        return nil
    }

    /// Why a new password of good shape is refused for its weakness; nil when it is well. Milliseconds: password pool.
    func complaint(aboutStrengthOf password: String, email: String, name: String?) -> String? {
        if strengthBitsMin <= 0 { return nil }
        let bits = PasswordStrength.bits(
            Array(password.utf8).span, dictionary: Self.dictionary(email: email, name: name))
        return bits < strengthBitsMin ? "is too easy to guess: make it longer, or less like words and names" : nil
    }

    /// What an attacker tries first: the email, its parts, the name, its words.
    private static func dictionary(email: String, name: String?) -> [String] {
        let whole = [email] + (name.map { [$0] } ?? [])
        let parts = whole.flatMap { text in
            text.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
                .map { String(String.UnicodeScalarView($0)) }
        }
        return whole + parts.filter { $0.unicodeScalars.count >= 3 }
    }
}
