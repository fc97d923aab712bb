import HTTPCore
import JSON
import Routing
import Telemetry

/// `/api/v1/users` over HTTP. Translates; decides nothing.
struct UserRoutes: Sendable {
    static let bodyBytesMax = 16 << 10
    static let searchBytesMax = 100

    let queries: UserQueries
    let changeProfile: ChangeProfile
    let changeRole: ChangeRole

    func register(on routes: inout RouteTable) {
        let bytes = Self.bodyBytesMax
        routes.get("/api/v1/users", access: .admin) { try await self.list($0, $1) }
        routes.get("/api/v1/users/me", access: .authenticated) { _, context in
            try await self.show(context.requireIdentity().userID)
        }
        routes.put("/api/v1/users/me", access: .authenticated, bodyBytesMax: bytes) { request, context in
            try await self.change(context.requireIdentity().userID, request, context)
        }
        routes.get("/api/v1/users/{id}", access: .authenticated) { _, context in
            try await self.show(Self.ownID(context))
        }
        routes.put("/api/v1/users/{id}", access: .authenticated, bodyBytesMax: bytes) { request, context in
            try await self.change(Self.ownID(context), request, context)
        }
        routes.put("/api/v1/users/{id}/role", access: .admin, bodyBytesMax: bytes) { try await self.setRole($0, $1) }
    }

    /// The id of the path, when it is the caller's or the caller is an admin. Asked before anything is looked up, so
    /// that nobody learns which ids exist.
    private static func ownID(_ context: RequestContext) throws -> String {
        let id = try context.id("id")
        try context.requireSelfOrAdmin(id)
        return id
    }

    private func show(_ id: String) async throws -> HTTPResponse { .user(try await self.queries.user(id: id)) }

    private func change(
        _ id: String, _ request: HTTPRequest, _ context: RequestContext
    ) async throws -> HTTPResponse {
        var request = request
        let body = try await request.collect(upTo: Self.bodyBytesMax)
        request.body = .bytes(body)
        let payload = try ProfilePayload(await request.payload(context), nulls: ProfilePayload.nulls(in: body))
        let actor = try context.requireIdentity().userID
        return .user(try await self.changeProfile(id, payload.command, actor: actor))
    }

    private func setRole(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        let actor = try context.require(.admin).userID
        let id = try context.id("id")
        let payload = try RolePayload(await request.payload(context))
        return .user(try await self.changeRole(id, to: payload.role, actor: actor))
    }

    private func list(_ request: HTTPRequest, _ context: RequestContext) async throws -> HTTPResponse {
        _ = try context.require(.admin)
        let query = try Self.query(context.query)
        let page = try await self.queries.page(query)
        return .json(fields: .uncached, capacity: 256 * (page.users.count + 1)) { writer in
            writer.beginObject()
            writer.key("items")
            writer.beginArray()
            for user in page.users { writer.value(user) }
            writer.endArray()
            writer.field("page", query.page)
            writer.field("limit", query.limit)
            writer.field("total", page.total)
            writer.field("next_cursor", page.hasMore ? page.users.last.map { UserCursor.text(after: $0.id) } : nil)
            writer.endObject()
        }
    }

    private static func query(_ parameters: QueryParameters) throws -> UserQuery {
        var query = UserQuery(
            page: try parameters.integer("page", default: 1, in: 1...1_000_000),
            limit: try parameters.integer("limit", default: 20, in: 1...100))
        if let text = try parameters.text("q", bytesMax: self.searchBytesMax), !text.isEmpty { query.text = text }
        // An empty cursor begins.
        if let cursor = parameters["cursor"], !cursor.isEmpty {
            guard let id = UserCursor.id(cursor) else {
                let message = "must be a next_cursor of an earlier answer"
                throw Problem.badRequest(
                    "The query parameter cursor \(message).", errors: [FieldError("cursor", message)])
            }
            query.before = id
        }
        return query
    }
}

/// Where a list goes on: the id it got to, without its dashes, so that nobody takes it for more than a bookmark.
enum UserCursor {
    static func text(after id: String) -> String { id.filter { $0 != "-" } }

    static func id(_ text: String) -> String? {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var id = ""
        for (position, character) in text.enumerated() {
            if [8, 12, 16, 20].contains(position) { id.append("-") }
            id.append(character)
        }
        return canonicalUUID(id)
    }
}
