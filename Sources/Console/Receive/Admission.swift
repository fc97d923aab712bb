/// What became of a batch that was handed to a sink.
public struct Admission: Sendable, Hashable {
    /// Items that were not kept, for good; the rest was.
    public var refused: Int
    /// Why, for whoever sent them; an empty text where none was refused.
    public var reason: String
    /// Set where nothing at all was taken, and the whole batch may come again after so many seconds.
    public var retryAfterSeconds: Int?

    public init(refused: Int = 0, reason: String = "") {
        self.refused = refused
        self.reason = reason
    }

    /// Everything was kept.
    public static let all = Admission()

    /// Nothing was taken: there is no room just now.
    ///
    /// - Parameter seconds: when to come again, 1 at least.
    public static func later(afterSeconds seconds: Int, _ reason: String) -> Admission {
        var admission = Admission(reason: reason)
        admission.retryAfterSeconds = max(1, seconds)
        return admission
    }
}
