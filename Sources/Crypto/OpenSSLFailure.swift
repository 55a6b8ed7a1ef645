import COpenSSL

/// The error to throw after OpenSSL has refused something. Empties the thread's error queue, whose leftovers would be taken for
/// the cause of the next failure on this thread.
func failure(_ error: CryptoError) -> CryptoError {
    ERR_clear_error()
    return error
}
