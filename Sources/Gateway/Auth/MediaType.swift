/// Whether a body says that it is JSON. A form, `text/plain` or no type at all is what another site's page can send
/// without a preflight (Fetch, "CORS-safelisted request-header"), so those never count: that is what stops login CSRF
/// where a browser sends neither `Origin` nor `Sec-Fetch-Site`.
enum MediaType {
    /// `application/json`, in any case, alone or with `charset=utf-8` (RFC 8259 §11 defines no parameter, but clients
    /// send this one).
    static func isJSON(_ contentType: [[UInt8]]) -> Bool {
        guard contentType.count == 1, let line = contentType.first else { return false }
        let parts = line.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(normalised)
        guard parts.first == Array("application/json".utf8) else { return false }
        return parts.dropFirst().allSatisfy {
            $0.isEmpty || $0 == Array("charset=utf-8".utf8) || $0 == Array("charset=\"utf-8\"".utf8)
        }
    }

    private static func normalised(_ part: ArraySlice<UInt8>) -> [UInt8] {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        return part.drop(while: isBlank).reversed().drop(while: isBlank).reversed().map(asciiLowered)
    }
}
