import Reasons
import Tokens

/// A call to `/api/auth`, as the pipeline hands it over: read, bounded and canonical, with nothing of HTTP left but the
/// fields that matter here. Field values are the bytes after the colon without surrounding blanks; an array of them
/// holds one element a field line, in order.
package struct AuthRequest: Sendable {
    /// The method as sent (`POST`).
    package var method: String
    /// The full canonical path (`/api/auth/login`), without the query.
    package var path: [UInt8]
    /// The one `Host`, as sent.
    package var host: [UInt8]
    package var origin: [[UInt8]]
    package var secFetchSite: [[UInt8]]
    /// `Cookie` lines.
    package var cookies: [[UInt8]]
    package var contentType: [[UInt8]]
    package var userAgent: [UInt8]?
    /// `Access-Control-Request-Method`, which makes an OPTIONS with an `Origin` a preflight (Fetch §4.8).
    package var corsRequestMethod: [UInt8]?
    /// Whether the framing announces a body: a Content-Length above 0, or chunked.
    package var hasBody: Bool
    /// The whole body, at most `AuthAPI.bodyBytesMax`; the pipeline answers 413 to a larger one before it calls.
    package var body: [UInt8]
    /// The client's address as text, without a port.
    package var clientAddress: String
    package var requestID: String
    /// What the gate found of an access token, with the same code and the same revocations as for a proxied request;
    /// `.failure(.tokenMissing)` when none was sent.
    package var bearer: Result<Claims, Reason>
    /// The token that was sent, verified or not: logout also takes an expired one.
    package var bearerToken: [UInt8]?

    package init(
        method: String, path: [UInt8], host: [UInt8] = [], origin: [[UInt8]] = [], secFetchSite: [[UInt8]] = [],
        cookies: [[UInt8]] = [], contentType: [[UInt8]] = [], userAgent: [UInt8]? = nil,
        corsRequestMethod: [UInt8]? = nil, hasBody: Bool = false, body: [UInt8] = [], clientAddress: String,
        requestID: String, bearer: Result<Claims, Reason> = .failure(.tokenMissing), bearerToken: [UInt8]? = nil
    ) {
        self.method = method
        self.path = path
        self.host = host
        self.origin = origin
        self.secFetchSite = secFetchSite
        self.cookies = cookies
        self.contentType = contentType
        self.userAgent = userAgent
        self.corsRequestMethod = corsRequestMethod
        self.hasBody = hasBody
        self.body = body
        self.clientAddress = clientAddress
        self.requestID = requestID
        self.bearer = bearer
        self.bearerToken = bearerToken
    }
}
