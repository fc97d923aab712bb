import OrderDomain
import Security

/// What a client calls one intent to order, so that a repeated request orders once.
struct IdempotencyKey: Sendable, Hashable {
    /// The most bytes of a key.
    static let bytesMax = 255

    /// Keys of different users have nothing to do with one another.
    let userID: String
    let text: String
    /// Tells requests apart that have nothing but the key in common.
    let fingerprint: String

    /// - Parameter request: what was asked for, in one text that is the same for equal requests.
    init(userID: String, text: String, request: String) {
        self.userID = userID
        self.text = text
        self.fingerprint = SHA256.hexDigest(request)
    }
}

/// A key that has been used.
struct UsedKey: Sendable, Hashable {
    let fingerprint: String
    /// The order that the first request made.
    let orderID: OrderID
    /// Nil while nothing final has come of it.
    let answer: StoredAnswer?
}
