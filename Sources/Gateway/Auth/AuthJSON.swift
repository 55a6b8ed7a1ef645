import Accounts
import Encoding

/// The bodies of successful answers. Ids are UUID strings, times RFC 3339 in UTC.
enum AuthJSON {
    static func session(_ grant: SessionGrant, refreshToken: String?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("user")
        write(grant.account, to: &json)
        json.member("accessToken", grant.accessToken)
        json.member("tokenType", "Bearer")
        json.member("expiresIn", grant.accessSeconds)
        json.member("refreshToken", ifPresent: refreshToken)
        json.endObject()
        return json.finish()
    }

    static func user(_ account: Account) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("user")
        write(account, to: &json)
        json.endObject()
        return json.finish()
    }

    static func sessions(_ sessions: [SessionSummary]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("sessions")
        json.beginArray()
        for session in sessions {
            json.beginObject()
            json.member("id", session.id)
            json.member("createdAt", RFC3339.format(milliseconds: session.createdAt))
            json.member("lastUsedAt", RFC3339.format(milliseconds: session.lastUsedAt))
            json.member("expiresAt", RFC3339.format(milliseconds: session.expiresAt))
            json.member("ip", orNull: session.ip)
            json.member("userAgent", orNull: session.userAgent)
            json.member("current", session.isCurrent)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.finish()
    }

    static func message(_ text: String, revoked: Int? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("message", text)
        if let revoked { json.member("revoked", Int64(revoked)) }
        json.endObject()
        return json.finish()
    }

    private static func write(_ account: Account, to json: inout JSONWriter) {
        json.beginObject()
        json.member("id", account.id)
        json.member("email", account.email)
        json.member("emailVerified", account.emailVerified)
        json.member("name", orNull: account.name)
        json.member("roles", account.roles)
        json.member("createdAt", RFC3339.format(milliseconds: account.createdAt))
        json.endObject()
    }
}
