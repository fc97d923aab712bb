import Protobuf
import RPC
import Routing
import Security
import ServiceKit
import ShopContracts

/// `vitrine.user.v1.UserService`. Translates; decides nothing.
struct UserRPC: UserV1.UserServiceHandler {
    let queries: UserQueries
    let keys: SigningKeyRing
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    private static let verifier = TokenVerifier(issuer: TokenIssuer.issuer, audience: TokenIssuer.audience)

    func getUser(_ request: UserV1.GetUserRequest, _ context: RPCServerContext) async throws -> UserV1.User {
        var faults = RequestFaults()
        let id = faults.id("user_id", request.userID)
        try faults.validate()
        do {
            return UserV1.User(try await self.queries.user(id: id))
        } catch is UserNotFound {
            throw RPCError(.notFound, "There is no such user.")
        }
    }

    func validateToken(
        _ request: UserV1.ValidateTokenRequest, _ context: RPCServerContext
    ) async throws -> UserV1.ValidateTokenResponse {
        var faults = RequestFaults()
        if request.accessToken.isEmpty { faults.reject("access_token", "is required") }
        try faults.validate()
        do throws(TokenError) {
            let claims = try Self.verifier.verify(
                request.accessToken, keys: self.keys.published, now: self.now() / 1_000_000)
            return UserV1.ValidateTokenResponse(
                isValid: true, userID: claims.subject,
                role: claims.roles.contains(Role.admin.rawValue) ? .admin : .customer,
                expiresAt: GoogleProtobuf.Timestamp(seconds: Int64(claims.expiresAt)))
        } catch {
            return UserV1.ValidateTokenResponse(isValid: false, reason: "\(error)")
        }
    }
}

extension UserV1.User {
    fileprivate init(_ user: User) {
        self.init(
            id: user.id, email: user.email.rawValue, firstName: user.name.first ?? "", lastName: user.name.last ?? "",
            role: user.role == .admin ? .admin : .customer,
            createdAt: GoogleProtobuf.Timestamp(microseconds: user.createdAt),
            updatedAt: GoogleProtobuf.Timestamp(microseconds: user.updatedAt))
    }
}
