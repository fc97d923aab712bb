extension Attribute {
    /// `error.type`: a class of failure of low cardinality; only on failure.
    public static func errorType(_ type: String) -> Attribute { .init("error.type", type) }
    /// `exception.type`
    public static func exceptionType(_ type: String) -> Attribute { .init("exception.type", type) }
    /// `exception.message`
    public static func exceptionMessage(_ message: String) -> Attribute { .init("exception.message", message) }
}
