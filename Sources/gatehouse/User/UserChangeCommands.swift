import Accounts
import ArgumentParser

struct UserDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End every session of a user and refuse further logins.")

    @OptionGroup var named: UserArgument

    func run() throws {
        let account = try named.administer { try $0.disable($1).account }
        named.options.show(account, "disabled \(account.email)")
    }
}

struct UserEnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a user log in again.")

    @OptionGroup var named: UserArgument

    func run() throws {
        let account = try named.administer { try $0.enable($1).account }
        named.options.show(account, "enabled \(account.email)")
    }
}

struct UserPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a new password and end every session of the user.")

    @OptionGroup var named: UserArgument

    @OptionGroup var password: PasswordOption

    func run() throws {
        // Before anybody types a password for nothing.
        _ = try named.administer { try $0.report(on: $1) }
        let password = try password.read()
        let account = try named.administer { try $0.setPassword(password, of: $1).account }
        named.options.show(account, "set the password of \(account.email) and ended all sessions")
    }
}
