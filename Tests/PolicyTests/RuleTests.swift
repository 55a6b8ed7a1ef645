import Policy
import Testing

@Suite("Who is let through")
struct RuleTests {
    @Test("public lets everybody through") func anyone() {
        #expect(Rule.anyone.decide(.nobody) == .allow(.publicRoute))
        #expect(Rule.anyone.decide(.signedIn(roles: [])) == .allow(.publicRoute))
    }

    @Test("user asks for a token and for nothing else") func user() {
        #expect(Rule.user.decide(.nobody) == .refuse(.tokenMissing))
        #expect(Rule.user.decide(.signedIn(roles: [])) == .allow(.signedIn))
    }

    @Test("role asks for any one of its names") func roles() {
        let rule = Rule.roles(["admin", "owner"])
        #expect(rule.decide(.nobody) == .refuse(.tokenMissing))
        #expect(rule.decide(.signedIn(roles: [])) == .refuse(.forbidden))
        #expect(rule.decide(.signedIn(roles: ["user", "owner"])) == .allow(.role("owner")))
    }

    @Test(
        "a role is compared byte for byte",
        arguments: [
            "Admin", "ADMIN", "admin ", " admin", "admin,user", "admin\u{0}", "adm\u{131}n", "admi", "admins", "",
            "ad\u{200B}min", "admin\u{301}",
        ])
    func lookAlikes(role: String) {
        #expect(Rule.roles(["admin"]).decide(.signedIn(roles: [role])) == .refuse(.forbidden))
    }

    @Test("the Kelvin sign is no K, although strings compare equal") func kelvin() {
        #expect("\u{212A}" == "K")
        #expect(Rule.roles(["K"]).decide(.signedIn(roles: ["\u{212A}"])) == .refuse(.forbidden))
    }

    @Test("no role at all lets nobody through") func emptyList() {
        #expect(Rule.roles([]).decide(.signedIn(roles: ["admin"])) == .refuse(.forbidden))
    }
}
