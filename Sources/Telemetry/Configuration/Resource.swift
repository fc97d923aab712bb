/// What produces the telemetry: service, process, host. The same for everything one process records.
///
/// Source: OpenTelemetry semantic conventions, "Resource".
public struct Resource: Sendable, Hashable {
    public let attributes: [Attribute]

    public init(_ attributes: [Attribute]) { self.attributes = AttributeList.lastOfEachKey(attributes) }

    public static let empty = Resource([])

    public subscript(_ key: String) -> AttributeValue? { self.attributes.first { $0.key == key }?.value }

    /// The resource with these attributes instead of its own of the same keys.
    public func merging(_ other: [Attribute]) -> Resource { Resource(self.attributes + other) }

    var serviceName: String {
        if case .string(let name)? = self["service.name"] { name } else { "unknown_service" }
    }

    /// Labels of Prometheus' `target_info`.
    var targetInfoLabels: [UInt8] {
        var names: [String] = []
        var values: [String: String] = [:]
        for attribute in self.attributes {
            let name = PrometheusName.label(attribute.key)
            if values[name] == nil { names.append(name) }
            // Keys that are told apart by what Prometheus does not know share a label ("Prometheus and OpenMetrics
            // compatibility", "Resource attributes").
            values[name] = values[name].map { "\($0);\(attribute.value.text)" } ?? attribute.value.text
        }
        return LabelText.render(names: names, values: names.map { values[$0] ?? "" })
    }
}

extension AttributeValue {
    /// The value as plain text, for labels.
    var text: String {
        switch self {
        case .string(let value): value
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .bool(let value): String(value)
        case .strings(let values): values.joined(separator: ",")
        }
    }
}
