/// The files that `/api/auth` serves to programs. They stand in `Site`, as what they are, and are compiled into the
/// binary (`embedding` in Package.swift), so that the gateway stays one file to copy.
enum SiteFile: String, Sendable, CaseIterable {
    /// What stands under `/api/auth`, in OpenAPI 3.1. Tests hold it to the endpoints, the codes and the limits.
    case openAPI = "openapi.json"
    /// The browser client, an ES module.
    case client = "client.js"
    /// Its types.
    case clientTypes = "client.d.ts"

    /// The file as it was written.
    var bytes: [UInt8] {
        switch self {
        case .openAPI: PackageResources.openapi_json
        case .client: PackageResources.client_js
        case .clientTypes: PackageResources.client_d_ts
        }
    }

    var mediaType: String {
        switch self {
        case .openAPI: "application/json"
        // The one that browsers take for a module (RFC 9239).
        case .client: "text/javascript; charset=utf-8"
        case .clientTypes: "text/plain; charset=utf-8"
        }
    }

    /// The document for a gateway whose refresh cookie has this name, which depends on the public URL's scheme.
    static func document(refreshCookie name: String) -> [UInt8] {
        let text = String(decoding: SiteFile.openAPI.bytes, as: UTF8.self)
        return Array(text.replacing("\"\(RefreshCookie.names[0])\"", with: "\"\(name)\"").utf8)
    }
}
