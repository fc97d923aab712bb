import COpenSSL

/// Whether two runs of bytes are the same, in a time that depends on their lengths only.
///
/// For secrets that a stranger may guess at: a comparison that stops at the first difference tells how far a guess was
/// right.
public func constantTimeEquals(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    unsafe left.withBytes { left in
        unsafe right.withBytes { right in
            guard left.count == right.count else { return false }
            guard let first = left.baseAddress, let second = right.baseAddress else { return true }
            return unsafe CRYPTO_memcmp(first, second, left.count) == 0
        }
    }
}

/// The same for text, compared as UTF-8.
public func constantTimeEquals(_ left: String, _ right: String) -> Bool {
    constantTimeEquals(left.utf8, right.utf8)
}
