import COpenSSL

/// Lends the bytes as a C string in memory that is wiped afterwards. Nil when they hold a NUL, behind which C would not look.
func withSecretCString<Result>(
    _ bytes: borrowing Span<UInt8>, _ body: (UnsafePointer<CChar>) -> Result
) -> Result? {
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count + 1)
    defer {
        unsafe OPENSSL_cleanse(copy.baseAddress, copy.count)
        unsafe copy.deallocate()
    }
    unsafe copy.initialize(repeating: 0)
    for index in bytes.indices {
        guard bytes[index] != 0 else { return nil }
        unsafe copy[index] = CChar(bitPattern: bytes[index])
    }
    guard let start = copy.baseAddress else { return nil }
    return unsafe body(start)
}
