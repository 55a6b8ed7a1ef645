extension Configuration {
    /// `issuer NAME { … }`: somebody else whose tokens open the gate.
    package struct Issuer: Sendable {
        package enum KeySet: Sendable, Equatable {
            /// The path, resolved; read once.
            case file(path: String)
            /// https, or http to this machine.
            case url(String)
        }

        package struct RoleLine: Sendable, Equatable {
            package var external: String
            package var local: Located<String>
        }

        package var name: Located<String>
        /// `iss` of its tokens.
        package var url = Located("", at: .nowhere)
        package var keySet = Located(KeySet.url(""), at: .nowhere)
        package var audiences: [String] = []
        package var algorithms: [KeySource.Algorithm] = [.es256, .rs256, .eddsa]
        /// Names of members, from the payload inwards.
        package var idClaim = ["sub"]
        package var emailClaim = ["email"]
        package var rolesClaim = ["roles"]
        package var roles: [RoleLine] = []

        package init(name: Located<String>) {
            self.name = name
        }
    }
}
