/// Source: OpenTelemetry semantic conventions, "Messaging".
extension Attribute {
    /// `messaging.system`
    public static func messagingSystem(_ name: String) -> Attribute { .init("messaging.system", name) }
    /// `messaging.operation.name`: `publish`, `process`.
    public static func messagingOperationName(_ name: String) -> Attribute { .init("messaging.operation.name", name) }
    /// `messaging.destination.name`: the topic or queue.
    public static func messagingDestinationName(_ name: String) -> Attribute {
        .init("messaging.destination.name", name)
    }
    /// `messaging.message.id`
    public static func messagingMessageID(_ id: String) -> Attribute { .init("messaging.message.id", id) }
}
