import Accounts
import ArgumentParser

struct UserDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End every session of a user and refuse further logins.")

    @Argument(help: "The email address or the id.")
    var user: String

    @OptionGroup var options: UserOptions

    func run() throws {
        let account = try options.administer { try $0.disable(user).account }
        options.show(account, "disabled \(account.email)")
    }
}

struct UserEnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a user log in again.")

    @Argument(help: "The email address or the id.")
    var user: String

    @OptionGroup var options: UserOptions

    func run() throws {
        let account = try options.administer { try $0.enable(user).account }
        options.show(account, "enabled \(account.email)")
    }
}

struct UserPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a new password and end every session of the user.")

    @Argument(help: "The email address or the id.")
    var user: String

    @OptionGroup var password: PasswordOption
    @OptionGroup var options: UserOptions

    func run() throws {
        let password = try password.read()
        let account = try options.administer { try $0.setPassword(password, of: user).account }
        options.show(account, "set the password of \(account.email) and ended all sessions")
    }
}
