public import HTTPCore

/// The routes of one listener, as they are declared.
public struct RouteTable: Sendable {
    public private(set) var routes: [Route] = []

    public init() {}

    /// Adds a route.
    ///
    /// - Parameters:
    ///   - template: begins with `/`; a segment in braces, `{id}`, matches one whole segment. At most four of them.
    ///   - access: who may call.
    ///   - timeout: nil for the service's default.
    ///   - bodyBytesMax: nil for the service's default.
    ///   - isObserved: false only for health and metrics.
    /// - Precondition: the method and template are not in the table yet.
    public mutating func add(
        _ method: HTTPMethod, _ template: String, access: Access = .anyone, timeout: Duration? = nil,
        bodyBytesMax: Int? = nil, isObserved: Bool = true, _ handler: @escaping Handler
    ) {
        precondition(template.hasPrefix("/"), "route template \(template) must begin with /")
        precondition(
            !self.routes.contains { $0.method == method && $0.template == template },
            "route \(method.name) \(template) is declared twice")
        let names = template.split(separator: "/").compactMap { segment -> String? in
            guard segment.contains("{") || segment.contains("}") else { return nil }
            precondition(
                segment.count > 2 && segment.hasPrefix("{") && segment.hasSuffix("}"),
                "route template \(template): a parameter takes a whole segment")
            return String(segment.dropFirst().dropLast())
        }
        precondition(Set(names).count == names.count, "route template \(template) has two parameters of one name")
        precondition(names.count <= PathParameters.most, "route template \(template) has more than four parameters")
        self.routes.append(
            Route(
                index: self.routes.count, method: method, template: template, access: access, timeout: timeout,
                bodyBytesMax: bodyBytesMax, isObserved: isObserved, parameterNames: names, handler: handler))
    }

    public mutating func get(
        _ template: String, access: Access = .anyone, timeout: Duration? = nil, bodyBytesMax: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.add(.get, template, access: access, timeout: timeout, bodyBytesMax: bodyBytesMax, handler)
    }

    public mutating func post(
        _ template: String, access: Access = .anyone, timeout: Duration? = nil, bodyBytesMax: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.add(.post, template, access: access, timeout: timeout, bodyBytesMax: bodyBytesMax, handler)
    }

    public mutating func put(
        _ template: String, access: Access = .anyone, timeout: Duration? = nil, bodyBytesMax: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.add(.put, template, access: access, timeout: timeout, bodyBytesMax: bodyBytesMax, handler)
    }

    public mutating func patch(
        _ template: String, access: Access = .anyone, timeout: Duration? = nil, bodyBytesMax: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.add(.patch, template, access: access, timeout: timeout, bodyBytesMax: bodyBytesMax, handler)
    }

    public mutating func delete(
        _ template: String, access: Access = .anyone, timeout: Duration? = nil, bodyBytesMax: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.add(.delete, template, access: access, timeout: timeout, bodyBytesMax: bodyBytesMax, handler)
    }
}
