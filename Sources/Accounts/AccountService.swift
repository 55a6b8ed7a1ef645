import Reasons
import Storage
import Tokens

/// The use cases: what a person, a client or an administrator can do with accounts and sessions.
package struct AccountService: Sendable {
}
