import Config
import HTTP
import Policy
import Testing

@Suite("What a client's fields become")
struct ForwardedFieldsTests {
    private func fields(_ change: (inout Configuration) -> Void = { _ in }) -> ForwardedFields {
        var configuration = Configuration()
        change(&configuration)
        return ForwardedFields(configuration)
    }

    private func action(_ fields: ForwardedFields, _ name: String, trusted: Bool = false) -> ForwardedFields.Action {
        fields.action(for: Array(name.utf8).span, fromTrustedPeer: trusted)
    }

    static let identity = [
        "X-User-Id", "X-User-Email", "X-User-Email-Verified", "X-User-Roles", "X-User-Name", "X-Session-Id",
        "X-User-Role",
    ]

    @Test("identity is removed in every spelling, whoever sends it", arguments: identity)
    func identityFields(name: String) {
        let spellings = [
            name, name.lowercased(), name.uppercased(), name.replacingDashes(with: "_"),
            name.replacingDashes(with: "."),
            name.replacingDashes(with: "!"), name.replacingDashes(with: "~"), "x_" + name.dropFirst(2),
            name.replacingDashes(with: "'"),
        ]
        for spelling in spellings {
            for trusted in [false, true] {
                #expect(action(fields(), spelling, trusted: trusted) == .drop, "\(spelling)")
                #expect(
                    action(fields { $0.underscoreHeaders = .pass }, spelling, trusted: trusted) == .drop, "\(spelling)")
            }
        }
    }

    @Test("configured names are removed too, and the default ones still are") func configuredNames() {
        let fields = fields {
            $0.identityHeaders.userID = "X-Auth-User"
            $0.underscoreHeaders = .pass
        }
        for name in ["X-Auth-User", "x_auth_user", "X.AUTH.USER", "X-User-Id", "x_user_id"] {
            #expect(action(fields, name, trusted: true) == .drop, "\(name)")
        }
    }

    @Test(
        "what belongs to one connection, frames, or is ours to write does not pass",
        arguments: [
            "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE",
            "Trailer",
            "Transfer-Encoding", "Upgrade", "Content-Length", "X-Request-Id", "traceparent", "Via", "Expect",
            "HTTP2-Settings",
        ])
    func ours(name: String) {
        #expect(action(fields(), name) == .drop)
        #expect(action(fields(), name.lowercased(), trusted: true) == .drop)
        #expect(
            action(fields { $0.underscoreHeaders = .pass }, name.replacingDashes(with: "_"), trusted: true) == .drop
                || !name.contains("-"))
        #expect(action(fields(), name.replacingDashes(with: ".")) == .drop)
    }

    @Test(
        "what a proxy says is believed of trusted ones only, and in its own spelling only",
        arguments: [
            "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Uri",
            "X-Forwarded-User", "X-Forwarded-Prefix", "X-Forwarded-Anything", "Forwarded", "X-Real-IP",
            "X-Original-URL",
            "X-Rewrite-URL", "X-Original-URI", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "Proxy",
        ])
    func claims(name: String) {
        let passing = fields { $0.underscoreHeaders = .pass }
        #expect(action(fields(), name) == .drop)
        #expect(action(fields(), name.uppercased()) == .drop)
        #expect(action(fields(), name, trusted: true) == .keep)
        guard name.contains("-") else { return }
        #expect(action(passing, name.replacingDashes(with: "_")) == .drop)
        #expect(action(passing, name.replacingDashes(with: "_"), trusted: true) == .drop)
        #expect(action(passing, name.replacingDashes(with: "."), trusted: true) == .drop)
    }

    @Test(
        "everything else passes as sent",
        arguments: [
            "Host", "Authorization", "Cookie", "Accept", "Content-Type", "User-Agent", "X-User", "X-User-Ids",
            "X-Forwarded",
            "X-Session", "Origin", "tracestate", "X", "!", "X-User-Id2", "Xx-User-Id",
        ])
    func passes(name: String) {
        #expect(action(fields(), name) == .keep)
    }

    @Test("an underscore is dropped, refused or passed, as configured") func underscores() {
        #expect(action(fields(), "X_Custom") == .drop)
        #expect(action(fields { $0.underscoreHeaders = .refuse }, "X_Custom") == .refuse)
        #expect(action(fields { $0.underscoreHeaders = .pass }, "X_Custom") == .keep)
        // Never a twin of what frames or authorises.
        #expect(action(fields { $0.underscoreHeaders = .pass }, "Content_Length") == .drop)
        #expect(action(fields { $0.underscoreHeaders = .pass }, "Content_Type") == .drop)
        #expect(action(fields { $0.underscoreHeaders = .pass }, "Transfer_Encoding") == .drop)
    }

    @Test("names of any length and of any bytes are answered") func anyName() {
        let fields = fields()
        #expect(action(fields, "") == .keep)
        for count in 0..<200 {
            let name = [UInt8](repeating: UInt8(truncatingIfNeeded: count &* 7), count: count)
            _ = fields.action(for: name.span, fromTrustedPeer: true)
        }
        #expect(action(fields, "x-forwarded-" + String(repeating: "a", count: 10_000)) == .drop)
    }

    @Test("a folded name is lower case with a dash for every other byte") func folding() {
        #expect(FoldedName("X_User.ID") == FoldedName("x-user-id"))
        #expect(FoldedName("X\u{212A}").bytes == Array("x---".utf8))
        let folded = FoldedName(Array("X-User.Id".utf8).span)
        #expect(folded == FoldedName("x-user-id"))
        for (name, isSame) in [("X!uSeR*iD", true), ("X-User-Ids", false), ("", false), ("xuserid", false)] {
            let matches = folded.matches(Array(name.utf8).span)
            #expect(matches == isSame, "\(name)")
        }
    }
}

extension String {
    fileprivate func replacingDashes(with replacement: Character) -> String {
        String(map { $0 == "-" ? replacement : $0 })
    }
}
