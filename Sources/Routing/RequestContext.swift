public import HTTPCore
public import Telemetry

/// What a handler knows besides the request itself.
public struct RequestContext: Sendable {
    public let route: Route
    let parameters: PathParameters
    let path: String
    public let query: QueryParameters
    /// Who calls; nil for strangers.
    public let identity: Identity?
    public let telemetry: Telemetry
    /// The request's server span.
    public let span: ActiveSpan
    /// When the caller stops waiting.
    public let deadline: Deadline

    public init(
        route: Route, parameters: PathParameters, request: HTTPRequest, identity: Identity?, telemetry: Telemetry,
        span: ActiveSpan, deadline: Deadline
    ) {
        self.route = route
        self.parameters = parameters
        self.path = request.path
        self.query = QueryParameters(request.query)
        self.identity = identity
        self.telemetry = telemetry
        self.span = span
        self.deadline = deadline
    }

    /// A path parameter, decoded.
    /// - Precondition: the route's template has it.
    /// - Throws: `Problem` 400 when its percent-encoding is broken.
    public func parameter(_ name: String) throws -> String {
        guard let index = self.route.parameterNames.firstIndex(of: name) else {
            preconditionFailure("route \(self.route.template) has no parameter \(name)")
        }
        let range = self.parameters[index]
        let start = self.path.utf8.index(self.path.startIndex, offsetBy: range.lowerBound)
        let end = self.path.utf8.index(self.path.startIndex, offsetBy: range.upperBound)
        let text = String(self.path[start..<end])
        guard text.utf8.contains(0x25) else { return text }
        guard let decoded = PercentEncoding.decode(text) else {
            throw Problem.badRequest("The path's percent-encoding is broken.")
        }
        return decoded
    }

    /// A path parameter that is a UUID, in lower case.
    /// - Throws: `Problem` 404: what is no id names nothing.
    public func id(_ name: String) throws -> String {
        let text = try self.parameter(name)
        guard let id = canonicalUUID(text) else { throw Problem.notFound("\(text.prefix(64)) is not an id.") }
        return id
    }

    /// - Throws: `Problem` 401 for strangers.
    public func requireIdentity() throws -> Identity {
        guard let identity = self.identity else { throw Problem.unauthorized("This needs an access token.") }
        return identity
    }

    /// - Throws: `Problem` 401 for strangers, 403 for users without the role.
    public func require(_ role: Role) throws -> Identity {
        let identity = try self.requireIdentity()
        guard identity.roles.contains(role) else { throw Problem.forbidden("This needs the role \(role.rawValue).") }
        return identity
    }

    /// - Throws: `Problem` 401 for strangers, 403 for users who are neither `userID` nor admin.
    @discardableResult
    public func requireSelfOrAdmin(_ userID: String) throws -> Identity {
        let identity = try self.requireIdentity()
        guard identity.userID == userID || identity.isAdmin else {
            throw Problem.forbidden("This belongs to another user.")
        }
        return identity
    }
}

/// The lower-case form of a UUID's text (RFC 9562, section 4), or nil.
public func canonicalUUID(_ text: String) -> String? {
    guard text.utf8.count == 36 else { return nil }
    var isLower = true
    for (position, byte) in text.utf8.enumerated() {
        switch byte {
        case 0x2D: guard [8, 13, 18, 23].contains(position) else { return nil }
        case 0x30...0x39, 0x61...0x66: guard ![8, 13, 18, 23].contains(position) else { return nil }
        case 0x41...0x46:
            guard ![8, 13, 18, 23].contains(position) else { return nil }
            isLower = false
        default: return nil
        }
    }
    return isLower ? text : text.lowercased()
}
