/// Group P of the catalogue: paths that a backend may read as another than the rules did.
struct PathCase: Sendable, CustomStringConvertible {
    enum Caller: Sendable { case nobody, user, admin }

    let id: String
    let target: String
    let caller: Caller

    init(_ id: String, _ target: String, as caller: Caller = .nobody) {
        self.id = id
        self.target = target
        self.caller = caller
    }

    var description: String { "\(id) \(target) as \(caller)" }

    /// Denied on every gateway, with or without an open catch-all route.
    static let denied: [PathCase] = [
        PathCase("P-01", "/admin/x"),
        PathCase("P-02", "/admin"),
        PathCase("P-03", "/admin/"),
        PathCase("P-04", "/public/../admin/x"),
        PathCase("P-05", "/public/%2e%2e/admin/x"),
        PathCase("P-06", "/public/%2E%2E/admin/x"),
        PathCase("P-07", "/public/..%2fadmin/x"),
        PathCase("P-08", "/public/..%2Fadmin/x"),
        PathCase("P-09", "/public/.%2e/admin/x"),
        PathCase("P-10", "/public/%2e./admin/x"),
        PathCase("P-11", "/public/..%5cadmin/x"),
        PathCase("P-12", "/public/..\\admin/x"),
        PathCase("P-13", "/public/..%5Cadmin/x"),
        PathCase("P-14", "/public/..;/admin/x"),
        PathCase("P-15", "/public/..;a=b/admin/x"),
        PathCase("P-16", "/public/%2e%2e;/admin/x"),
        PathCase("P-17", "/public/.;/admin/x"),
        PathCase("P-18", "/public/..%3b/admin/x"),
        PathCase("P-19", "//admin/x"),
        PathCase("P-20", "///admin/x"),
        PathCase("P-21", "/./admin/x"),
        PathCase("P-22", "/%2e/admin/x"),
        PathCase("P-23", "/public/./admin/x"),
        PathCase("P-24", "/public/./../admin/x"),
        PathCase("P-25", "/public/a/../../admin/x"),
        PathCase("P-26", "/public/../../../../admin/x"),
        PathCase("P-27", "/admin;a=b/x"),
        PathCase("P-28", "/admin;/x"),
        PathCase("P-29", "/admin%3b/x"),
        PathCase("P-30", "/admin%2fx"),
        PathCase("P-31", "/admin%2Fx"),
        PathCase("P-32", "/%61dmin/x"),
        PathCase("P-33", "/%61%64%6d%69%6e/x"),
        PathCase("P-34", "/ADMIN/x"),
        PathCase("P-35", "/aDmIn/x"),
        PathCase("P-36", "/admin%00/x"),
        PathCase("P-37", "/admin/x%00.html"),
        PathCase("P-38", "/public/..%00/admin/x"),
        PathCase("P-39", "/admin%20/x"),
        PathCase("P-40", "/admin%09/x"),
        PathCase("P-41", "/admin./x"),
        PathCase("P-42", "/admin%0d%0a/x"),
        PathCase("P-43", "/admin%23/public"),
        PathCase("P-44", "/admin?/public/x"),
        PathCase("P-45", "/admin/x?..%2fpublic"),
        PathCase("P-46", "/\\admin/x"),
        PathCase("P-47", "/admin%3f/public"),
        PathCase("P-48", "/public/%c0%ae%c0%ae/admin/x"),
        PathCase("P-49", "/public/%e0%80%ae%e0%80%ae/admin/x"),
        PathCase("P-50", "/%ef%bc%8fadmin/%c1%a1"),
        PathCase("P-51", "/public//../admin/x"),
        PathCase("P-52", "/admin//x"),
        PathCase("P-53", "/admin/x//"),
        PathCase("P-54", "/publicx/../admin/x"),
        PathCase("P-55", "/public%2f..%2fadmin/x"),
        PathCase("P-56", "/api/auth/..%2f..%2fadmin/x"),
        PathCase("P-57", "/api/auth/../../admin/x"),
        PathCase("P-58", "/public/.../../admin/x"),
        PathCase("P-59", "/%5cadmin/x"),
        PathCase("P-60", "/admin/x", as: .user),
        PathCase("P-61", "/api/../admin/x", as: .user),
        PathCase("P-62", "/ADMIN/x", as: .user),
        PathCase("P-63", "/api/%2e%2e/admin/x", as: .user),
        PathCase("P-64", "/api/..%2fadmin/x", as: .user),
        PathCase("P-65", "/api/..;/admin/x", as: .user),
        PathCase("P-66", "//admin/x", as: .user),
        PathCase("P-67", "/api/x"),
        PathCase("P-67b", "/API/x"),
        PathCase("P-67c", "/api"),
        PathCase("P-70", "/admin%2520/x"),
        PathCase("P-71", "/%2561dmin/x"),
        PathCase("P-74a", "/public/%"),
        PathCase("P-74b", "/public/%2"),
        PathCase("P-74c", "/public/%zz"),
        PathCase("P-74d", "/public/%u002e%u002e/admin"),
        PathCase("P-74e", "/public/%-1"),
        PathCase("P-81", "/public/%252e%252e/admin/x"),
        PathCase("P-82", "/public/%25%32%65/admin/x"),
        PathCase("P-83", "/public/a%2f..%2f..%2fadmin/x"),
        PathCase("P-84", "/public/%2e%2e", as: .admin),
        PathCase("P-85", "/public/..", as: .admin),
        PathCase("P-86", "/public/.", as: .admin),
    ]

    /// Spellings of `/api/auth` itself: answered by the gateway or refused, never forwarded.
    static let auth: [PathCase] = [
        PathCase("P-77a", "/api/auth/me"),
        PathCase("P-77b", "/api/auth%2fme", as: .admin),
        PathCase("P-77c", "/api//auth/me", as: .admin),
        PathCase("P-77d", "/API/AUTH/me", as: .admin),
        PathCase("P-77e", "/api/Auth/me", as: .admin),
        PathCase("P-77f", "/api/auth/nothing", as: .admin),
        PathCase("P-77g", "/api/auth", as: .admin),
        PathCase("P-77h", "/api/auth/", as: .admin),
        PathCase("P-77i", "/api/%61uth/nothing", as: .admin),
        PathCase("P-77j", "/api/auth./me", as: .admin),
        PathCase("P-77k", "/api/auth%20/me", as: .admin),
        PathCase("P-77l", "/api/auth;x/me", as: .admin),
        PathCase("P-77m", "/public/../api/auth/me", as: .admin),
    ]
}
