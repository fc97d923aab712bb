/// Who sent something: one for all that a process sends in a request.
///
/// Source: opentelemetry-proto, resource.proto.
public struct ReceivedResource: Sendable, Hashable {
    public var attributes: [ReceivedAttribute]

    public init(attributes: [ReceivedAttribute] = []) { self.attributes = attributes }

    /// `service.name`, or `unknown_service` as the convention has it.
    public var service: String {
        guard case .string(let name) = self.attributes["service.name"], !name.isEmpty else { return "unknown_service" }
        return name
    }

    /// `service.instance.id`, or an empty text.
    public var instance: String {
        guard case .string(let id) = self.attributes["service.instance.id"] else { return "" }
        return id
    }
}

/// What in a process made something: a library's name and version.
public struct ReceivedScope: Sendable, Hashable {
    public var name: String
    public var version: String
    public var attributes: [ReceivedAttribute]

    public init(name: String = "", version: String = "", attributes: [ReceivedAttribute] = []) {
        self.name = name
        self.version = version
        self.attributes = attributes
    }
}
