import Encoding

/// Another issuer whose access tokens open the gate, and how its words are understood.
package struct TrustedIssuer: Sendable {
    /// How it is called here; the prefix of its users' ids.
    package let name: String
    /// `iss` of its tokens.
    package let issuer: String
    /// Any of them in `aud` will do.
    package let audiences: [String]
    package let algorithms: [Algorithm]
    /// Where the claims stand, from the payload inwards: `["realm_access", "roles"]`.
    package let idClaim: [String]
    package let emailClaim: [String]
    package let rolesClaim: [String]
    /// Its roles and ours; one that is not here means nothing.
    package let roles: [(external: String, local: String)]

    package init(
        name: String, issuer: String, audiences: [String], algorithms: [Algorithm], idClaim: [String] = ["sub"],
        emailClaim: [String] = ["email"], rolesClaim: [String] = ["roles"],
        roles: [(external: String, local: String)] = []
    ) {
        self.name = name
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.idClaim = idClaim
        self.emailClaim = emailClaim
        self.rolesClaim = rolesClaim
        self.roles = roles
    }
}

extension Payload {
    /// The claims of another issuer's token in our words. `sid` and `jti` stay behind: they name nothing here, and a backend
    /// would take that session for one of ours.
    func claims(of issuer: TrustedIssuer) throws(Malformed) -> Claims {
        guard let id = value(at: issuer.idClaim)?.string, !id.utf8.isEmpty,
            let expiresAt = try date("exp", rounding: .down)
        else { throw Malformed() }
        let subject = "\(issuer.name):\(id)"
        // Blanks at the id's own start would stand in the middle of ours.
        guard Self.isHeaderText(subject), Self.isHeaderText(id) else { throw Malformed() }
        var email: String?
        if let value = value(at: issuer.emailClaim) {
            guard let text = value.string, Self.isHeaderText(text) else { throw Malformed() }
            email = text.utf8.isEmpty ? nil : text
        }
        return Claims(
            issuer: issuer.issuer, subject: subject, email: email,
            // Some write it as text. That is no promise that a backend should be given.
            emailVerified: email == nil ? nil : object["email_verified"]?.bool, name: object["name"]?.string,
            roles: try roles(of: issuer), issuedAt: try date("iat", rounding: .down), expiresAt: expiresAt,
            trustedIssuer: issuer.name)
    }

    /// Through the map alone. A list of texts, or one text of names between blanks, as `scope` has them.
    private func roles(of issuer: TrustedIssuer) throws(Malformed) -> [String] {
        guard let value = value(at: issuer.rolesClaim) else { return [] }
        let external: [String]
        if let elements = value.elements {
            external = elements.compactMap(\.string)
            guard external.count == elements.count else { throw Malformed() }
        } else if let text = value.string {
            external = text.split(separator: " ").map(String.init)
        } else {
            throw Malformed()
        }
        var roles: [String] = []
        for line in issuer.roles where external.contains(where: { isSameText($0, line.external) }) {
            if !roles.contains(line.local) { roles.append(line.local) }
        }
        return roles
    }

    private func value(at path: [String]) -> JSONValue? {
        guard let first = path.first, var value = object[first] else { return nil }
        for name in path.dropFirst() {
            guard let inner = value[name] else { return nil }
            value = inner
        }
        return value
    }
}

extension Claims {
    /// What conditions may know of another issuer's token: the claims that are understood here, in our words. So `sub` is
    /// `NAME:sub` and equals no path of a user of ours, and `roles` are those of the map. Of any other claim nobody here has
    /// said what it means when that issuer says it; a condition about it is neither met nor unmet.
    mutating func keepOwn(_ names: Set<String>) {
        let own: [String: [String]?] = [
            "iss": [issuer], "sub": [subject], "email": email.map { [$0] }, "name": name.map { [$0] },
            "email_verified": emailVerified.map { [$0 ? "true" : "false"] }, "roles": roles,
        ]
        for claim in names {
            if let value = own[claim] { kept[claim] = value } else { withheld.insert(claim) }
        }
    }
}
