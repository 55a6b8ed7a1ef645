import Accounts
import ArgumentParser

struct UserRolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles",
        abstract: "Show the roles of a user, or replace them.",
        discussion: "Access tokens that were handed out with other roles stop; sessions go on.")

    @OptionGroup var named: UserArgument

    @Argument(help: "The roles to have from now on; without any, they are shown.")
    var roles: [String] = []

    @Flag(help: "Take all roles away.")
    var none = false

    func validate() throws {
        if none, !roles.isEmpty { throw ValidationError("--none stands alone") }
    }

    func run() throws {
        let account = try named.administer { administration, user in
            if !none, roles.isEmpty {
                guard let account = try administration.find(user) else { throw Refusal(.notFound) }
                return account
            }
            return try administration.setRoles(splitRoles(roles), of: user).account
        }
        let list = account.roles.isEmpty ? "no roles" : "the roles \(account.roles.joined(separator: " "))"
        named.options.show(account, "\(account.email) has \(list)")
    }
}
