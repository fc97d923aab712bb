import HTTPCore
import Routing
import Telemetry

/// `/api/v1/auth` over HTTP, and the key set where libraries look for it. Translates; decides nothing.
struct AuthRoutes: Sendable {
    /// No body of these routes has a reason to be larger.
    static let bodyBytesMax = 16 << 10
    /// How long verifiers may keep the key set: half the time for which a new key is published before it signs.
    static let keysMaxAgeSeconds = 300

    let registerUser: RegisterUser
    let logIn: LogIn
    let refreshSession: RefreshSession
    let logOut: LogOut
    let keys: SigningKeyRing

    func register(on routes: inout RouteTable) {
        let bytes = Self.bodyBytesMax
        routes.post("/api/v1/auth/register", bodyBytesMax: bytes) { try await self.register($0, $1) }
        routes.post("/api/v1/auth/login", bodyBytesMax: bytes) { try await self.login($0, $1) }
        routes.post("/api/v1/auth/refresh", bodyBytesMax: bytes) { try await self.refresh($0, $1) }
        routes.post("/api/v1/auth/logout", access: .authenticated, bodyBytesMax: bytes) {
            try await self.logout($0, $1)
        }
        routes.get("/api/v1/auth/jwks") { _, _ in self.keySet() }
        routes.get("/.well-known/jwks.json") { _, _ in self.keySet() }
    }

    private func register(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let payload = try RegistrationPayload(await request.payload(context))
        let user = try await self.registerUser(
            RegisterUser.Command(
                email: payload.email, password: payload.password, name: payload.name, deadline: context.deadline))
        context.span.setAttribute(.userID(user.id))
        var fields = HTTPFields.uncached
        fields.append(.location, "/api/v1/users/\(user.id)")
        return .user(user, .created, fields: fields)
    }

    private func login(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let payload = try CredentialsPayload(await request.payload(context))
        let session = try await self.logIn(
            LogIn.Command(
                email: payload.email, password: payload.password, address: ClientAddress.group(of: request),
                deadline: context.deadline))
        context.span.setAttribute(.userID(session.user.id))
        return .session(session)
    }

    private func refresh(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let payload = try RefreshPayload(await request.payload(context))
        let session = try await self.refreshSession(payload.refreshToken)
        context.span.setAttribute(.userID(session.user.id))
        return .session(session)
    }

    private func logout(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let identity = try context.requireIdentity()
        context.span.setAttribute(.userID(identity.userID))
        let token = try await self.tokenToEnd(request, context)
        try await self.logOut(userID: identity.userID, refreshToken: token)
        return .noContent
    }

    /// The refresh token of the body; a request without a body has none.
    private func tokenToEnd(_ request: HTTPRequest, _ context: RequestContext) async throws -> String? {
        let body = try await request.collect(upTo: Self.bodyBytesMax)
        guard !body.isEmpty else { return nil }
        var request = request
        request.body = .bytes(body)
        return try LogoutPayload(await request.payload(context)).refreshToken
    }

    private func keySet() -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.contentType, "application/json")
        fields.append(.cacheControl, "public, max-age=\(Self.keysMaxAgeSeconds)")
        return HTTPResponse(.ok, fields: fields, body: .bytes(self.keys.document))
    }
}
