import Crypto
import Reasons

/// What somebody wants a new account to be, checked in shape.
struct NewAccount: Sendable {
    let email: EmailAddress
    let name: DisplayName?
    private let password: String

    /// Throws `VALIDATION_FAILED` with every complaint at once. Costs nothing: no hash, no database.
    init(email: String, password: String, name: String?) throws(Refusal) {
        var details: [String: String] = [:]
        let address = EmailAddress(email)
        if let complaint = EmailAddress.complaint(about: email) { details["email"] = complaint }
        if let complaint = PasswordRules.complaint(aboutNew: password) { details["password"] = complaint }
        // An empty name is what a form sends that nobody filled in.
        let isBlank = name.map { $0.utf8.allSatisfy { $0 == 0x20 } } ?? true
        let display = isBlank ? nil : name.flatMap { DisplayName($0) }
        if !isBlank, display == nil {
            details["name"] = "must have \(DisplayName.bytesMax) bytes or fewer and no control characters"
        }
        guard let address, details.isEmpty else { throw Refusal(.validationFailed, details: details) }
        self.email = address
        self.name = display
        self.password = password
    }

    /// The hash of the password, if it is strong enough. Slow: password pool.
    func hash(_ settings: AccountSettings) throws -> String {
        let rules = PasswordRules(strengthBitsMin: settings.passwordStrengthBitsMin)
        if let complaint = rules.complaint(aboutStrengthOf: password, email: email.text, name: name?.text) {
            throw Refusal(.validationFailed, details: ["password": complaint])
        }
        return try PasswordHash.hash(Array(password.utf8).span, cost: settings.bcryptCost)
    }
}
