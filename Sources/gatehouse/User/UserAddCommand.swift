import Accounts
import ArgumentParser

struct UserAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account; its email counts as verified.")

    @Argument(help: "The email address.")
    var email: String

    @Option(help: "The name that the person wants to be called.")
    var name: String?

    @Option(name: [.customLong("role"), .customLong("roles")], help: "A role besides `user`; may be repeated.")
    var role: [String] = []

    @OptionGroup var password: PasswordOption
    @OptionGroup var options: UserOptions

    func run() throws {
        // Before anybody types a password for nothing.
        try options.administer(mayCreate: true) { try $0.checkNew(email: email) }
        let password = try password.read()
        let account = try options.administer(mayCreate: true) {
            try $0.addUser(email: email, password: password, name: name, roles: [RoleName.user] + splitRoles(role))
        }
        options.show(account, "added \(account.email) with the roles \(account.roles.joined(separator: " "))")
    }
}

/// Roles in words of their own, or with commas between them: a name holds none.
func splitRoles(_ words: [String]) -> [String] {
    words.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
}
