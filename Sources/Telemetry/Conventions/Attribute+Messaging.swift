/// Source: OpenTelemetry semantic conventions, "Messaging".
extension Attribute {
    @inlinable
    public static var messagingSystem: AttributeKey<String> {
        .init("messaging.system", .development, "The kind of broker.")
    }
    @inlinable
    public static var messagingOperationName: AttributeKey<String> {
        .init("messaging.operation.name", .development, "What is done with the message: `publish`, `process`.")
    }
    @inlinable
    public static var messagingDestinationName: AttributeKey<String> {
        .init("messaging.destination.name", .development, "The topic or queue.")
    }
    @inlinable
    public static var messagingMessageID: AttributeKey<String> {
        .init("messaging.message.id", .development, "The message, as its sender numbered it.")
    }

    /// All of this file.
    static var messaging: [any DeclaredAttribute] {
        [
            messagingSystem, messagingOperationName, messagingDestinationName, messagingMessageID,
        ]
    }
}
