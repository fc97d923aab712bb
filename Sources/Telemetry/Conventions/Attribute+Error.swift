extension Attribute {
    /// `error.type`: a class of failure of low cardinality; only on failure.
    public static func errorType(_ type: String) -> Attribute { .init("error.type", type) }
    /// `error.message`: for people, of any cardinality.
    public static func errorMessage(_ message: String) -> Attribute { .init("error.message", message) }
    /// `exception.type`
    public static func exceptionType(_ type: String) -> Attribute { .init("exception.type", type) }
    /// `exception.message`
    public static func exceptionMessage(_ message: String) -> Attribute { .init("exception.message", message) }
    /// `shop.log.skipped`: lines of the same message that were left out before this one.
    static func logSkipped(_ count: Int) -> Attribute { .init("shop.log.skipped", count) }

    /// Type and text of an error.
    static func exception(_ error: any Error) -> [Attribute] {
        [
            .exceptionType(String(reflecting: Swift.type(of: error))), .exceptionMessage(String(describing: error)),
        ]
    }
}
