public import HTTPCore
public import Routing

/// Tells who calls.
public protocol Authenticator: Sendable {
    /// Reads and verifies the `authorization` field.
    /// - Throws: `Problem` 401 when it is not a valid bearer token, 503 when the keys cannot be had.
    func identify(_ fields: HTTPFields) async throws -> Identity
}
