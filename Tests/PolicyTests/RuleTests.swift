import Policy
import Reasons
import Testing

@Suite("Who is let through")
struct RuleTests {
    @Test("public lets everybody through") func anyone() {
        #expect(Rule.anyone.refusal(roles: nil) == nil)
        #expect(Rule.anyone.refusal(roles: []) == nil)
    }

    @Test("user asks for a token and for nothing else") func user() {
        #expect(Rule.user.refusal(roles: nil) == .tokenMissing)
        #expect(Rule.user.refusal(roles: []) == nil)
    }

    @Test("role asks for any one of its names") func roles() {
        let rule = Rule.roles(["admin", "owner"])
        #expect(rule.refusal(roles: nil) == .tokenMissing)
        #expect(rule.refusal(roles: []) == .forbidden)
        #expect(rule.refusal(roles: ["user", "owner"]) == nil)
    }

    @Test(
        "a role is compared byte for byte",
        arguments: [
            "Admin", "ADMIN", "admin ", " admin", "admin,user", "admin\u{0}", "adm\u{131}n", "admi", "admins", "",
            "ad\u{200B}min", "admin\u{301}",
        ])
    func lookAlikes(role: String) {
        #expect(Rule.roles(["admin"]).refusal(roles: [role]) == .forbidden)
    }

    @Test("the Kelvin sign is no K, although strings compare equal") func kelvin() {
        #expect("\u{212A}" == "K")
        #expect(Rule.roles(["K"]).refusal(roles: ["\u{212A}"]) == .forbidden)
    }

    @Test("no role at all lets nobody through") func emptyList() {
        #expect(Rule.roles([]).refusal(roles: ["admin"]) == .forbidden)
    }
}
