import COpenSSL

/// A call into OpenSSL that failed.
public struct OpenSSLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The function that failed.
    public let function: String
    /// What the library said, or that it said nothing.
    public let reason: String

    public var description: String { "OpenSSL \(self.function) failed: \(self.reason)" }

    /// Reads and empties the calling thread's error queue. Call it right after the failed function.
    static func take(_ function: StaticString) -> OpenSSLError {
        let code = ERR_get_error()
        // Later entries are consequences of the first; left in the queue they would be read for the next failure.
        ERR_clear_error()
        guard code != 0 else { return OpenSSLError(function: "\(function)", reason: "no reason was given") }
        let reason = unsafe String(unsafeUninitializedCapacity: 256) { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe ERR_error_string_n(code, text.baseAddress, text.count)
                return unsafe text.firstIndex(of: 0) ?? 0
            }
        }
        return OpenSSLError(function: "\(function)", reason: reason)
    }

    /// Throws what `take` finds unless `code` is 1, OpenSSL's way to say that all went well.
    static func check(_ code: Int32, _ function: StaticString) throws(OpenSSLError) {
        guard code == 1 else { throw self.take(function) }
    }
}
