extension DirectiveSpec {
    /// What is kept of the security events, and what makes sure that nobody changes it.
    static let audit: [DirectiveSpec] = [
        DirectiveSpec(
            name: "audit-key", context: .top, arguments: "env NAME | file PATH [readable]",
            standard: "derived from the first `key`", repeats: true,
            purpose: """
                The secret that chains the records of the audit, 32 bytes or more, kept outside the database, so that \
                whoever can only write that is found out by `gatehouse audit verify`. All gateways of one database have \
                the same. The first one is used, those after it still verify what they once chained. Without it one is \
                derived from the secret of the key ring or, without a ring, from the first `key` of `tokens`; when that key \
                goes, name its file as an `audit-key` behind the one in use, and its records can still be verified.
                """
        ) { $0.readAuditKey() },
        DirectiveSpec(
            name: "audit-keep", context: .top, arguments: "DURATION | forever", standard: "400d",
            purpose: """
                How long security events are kept. Older ones are deleted, and a sealed mark says where the chain begins \
                from then on.
                """
        ) { draft in
            if draft.peek?.text == "forever" {
                _ = draft.take()
                draft.configuration.auditKeepSeconds = nil
            } else if let seconds = draft.seconds(in: 86_400...(3_650 * 86_400)) {
                draft.configuration.auditKeepSeconds = seconds
            }
        },
    ]
}

extension Draft {
    fileprivate mutating func readAuditKey() {
        guard let kind = choice(["env", "file"]) else { return skipRest() }
        if kind.text == "file" {
            guard let path = path(expected: "the PATH of the secret's file") else { return }
            let readable = takeKeyword("readable") != nil
            configuration.auditKeys.append(Located(.file(path: path.value, readable: readable), at: path.place))
            return
        }
        guard let name = name(.variable) else { return skipRest() }
        guard let value = surroundings.environment(name.value), !value.isEmpty else {
            return fail(at: name.place, "the environment variable \(name.value) is not set")
        }
        if let objection = SharedSecret.objection(to: Array(value.utf8)) {
            return fail(
                at: name.place, "the secret in \(name.value) \(objection)", expected: SharedSecret.expected,
                hint: SharedSecret.recipe)
        }
        configuration.auditKeys.append(
            Located(.environment(name: name.value, value: Secret(value)), at: name.place))
    }
}
