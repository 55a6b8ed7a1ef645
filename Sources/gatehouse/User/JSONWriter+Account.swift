import Accounts
import Encoding

extension JSONWriter {
    /// An account as every `user` command shows it with `--json`.
    mutating func account(_ account: Account) {
        beginObject()
        members(of: account)
        endObject()
    }

    /// The members alone, for an object that says more.
    mutating func members(of account: Account) {
        member("id", account.id)
        member("email", account.email)
        member("emailVerified", account.emailVerified)
        member("name", orNull: account.name)
        member("roles", account.roles)
        member("disabled", account.isDisabled)
        member("createdAt", RFC3339.format(milliseconds: account.createdAt))
    }
}
