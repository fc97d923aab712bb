/// Source: OpenTelemetry semantic conventions, "Error" and "Exceptions".
extension Attribute {
    @inlinable
    public static var errorType: AttributeKey<String> {
        .init("error.type", .stable, "A class of failure of low cardinality; only on failure.")
    }
    @inlinable
    public static var errorMessage: AttributeKey<String> {
        .init("error.message", .development, "What went wrong, for people; names nobody.")
    }
    @inlinable
    public static var exceptionType: AttributeKey<String> {
        .init("exception.type", .stable, "The Swift type of an error that was thrown.")
    }
    @inlinable
    public static var exceptionMessage: AttributeKey<String> {
        .init("exception.message", .stable, "What an error that was thrown says of itself.")
    }

    static var logSkipped: AttributeKey<Int> {
        .init("shop.log.skipped", .ours, "Lines of the same message that were left out before this one.")
    }

    /// Type and text of an error.
    static func exception(_ error: any Error) -> [Attribute] {
        [.exceptionType(String(reflecting: Swift.type(of: error))), .exceptionMessage(String(describing: error))]
    }

    /// All of this file.
    static var errors: [any DeclaredAttribute] {
        [
            errorType, errorMessage, exceptionType, exceptionMessage, logSkipped,
        ]
    }
}
