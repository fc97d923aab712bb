import Persistence
public import RPC
public import Routing
public import Security
public import ServiceKit
import ShopContracts

/// Accounts, sign-in, tokens and the keys that verify them.
public struct UserService: ShopService {
    public static var name: ServiceName { .user }

    private let database: Database
    private let keys: SigningKeyRing
    private let auth: AuthRoutes
    private let users: UserRoutes
    private let rpc: UserRPC
    private let upkeep: Upkeep

    /// Opens `user.sqlite`, and makes the first signing key when there is none.
    ///
    /// - Throws: `ConfigurationError` for wrong settings, `SQLiteError` or `PersistenceError` for a store that cannot
    ///   be used; each says how to mend it.
    public init(platform: ServicePlatform) async throws {
        try await self.init(platform: platform, now: WallClock.microseconds)
    }

    /// - Parameter now: microseconds since the epoch.
    package init(platform: ServicePlatform, now: @escaping @Sendable () -> Int) async throws {
        let config = UserConfig(platform.config)
        try platform.config.validate()
        let database = try UserStore.open(platform)
        do {
            try await self.init(platform, config, database, now)
        } catch {
            await database.close()
            throw error
        }
    }

    private init(
        _ platform: ServicePlatform, _ config: UserConfig, _ database: Database, _ now: @escaping @Sendable () -> Int
    ) async throws {
        let schedule = SigningKeySchedule(rotation: config.signingKeyRotation.microseconds)
        let keys = SigningKeyRing(schedule: schedule)
        let keeper = SigningKeyKeeper(
            repository: SQLSigningKeyRepository(database: database), ring: keys, schedule: schedule,
            blocking: platform.blocking, telemetry: platform.telemetry)
        try await keeper.refresh(now: now())
        let sessions = SQLSessionRepository(database: database)
        self.database = database
        self.keys = keys
        self.auth = Self.auth(platform, config, database, keys, now)
        let repository = SQLUserRepository(database: database)
        self.rpc = UserRPC(queries: UserQueries(users: repository), keys: keys, now: now)
        self.users = UserRoutes(
            queries: UserQueries(users: repository),
            changeProfile: ChangeProfile(users: repository, telemetry: platform.telemetry, now: now),
            changeRole: ChangeRole(users: repository, telemetry: platform.telemetry, now: now))
        self.upkeep = Upkeep(keeper: keeper, sessions: sessions, telemetry: platform.telemetry, now: now)
    }

    private static func auth(
        _ platform: ServicePlatform, _ config: UserConfig, _ database: Database, _ keys: SigningKeyRing,
        _ now: @escaping @Sendable () -> Int
    ) -> AuthRoutes {
        let telemetry = platform.telemetry
        let users = SQLUserRepository(database: database)
        let sessions = SQLSessionRepository(database: database)
        let vault = PasswordVault(cost: config.bcryptCost, blocking: platform.blocking)
        let issuer = TokenIssuer(
            ring: keys, blocking: platform.blocking,
            lifetimeSeconds: config.accessTokenLifetime.microseconds / 1_000_000)
        let throttle = LoginThrottle(
            accountMax: config.loginAttemptsMax, addressMax: config.loginAddressAttemptsMax,
            window: config.loginWindow.microseconds)
        let policy = SessionPolicy(
            refreshLifetime: config.refreshTokenLifetime.microseconds, liveMax: config.sessionsPerUserMax)
        let instruments = UserInstruments(telemetry, throttle: throttle, keys: keys)
        return AuthRoutes(
            registerUser: RegisterUser(
                users: users, vault: vault, telemetry: telemetry, instruments: instruments, now: now),
            logIn: LogIn(
                users: users, sessions: sessions, vault: vault, issuer: issuer, throttle: throttle, policy: policy,
                telemetry: telemetry, instruments: instruments, now: now),
            refreshSession: RefreshSession(
                sessions: sessions, issuer: issuer, policy: policy, telemetry: telemetry, instruments: instruments,
                now: now),
            logOut: LogOut(sessions: sessions, telemetry: telemetry), keys: keys)
    }

    public func register(on routes: inout RouteTable) {
        self.auth.register(on: &routes)
        self.users.register(on: &routes)
    }

    public func register(on table: inout RPCServiceTable) { self.rpc.register(on: &table) }

    public var readiness: [ReadinessCheck] {
        let (database, keys) = (self.database, self.keys)
        return [
            ReadinessCheck("database") { UserStore.problem(database) },
            ReadinessCheck("signing_key") { keys.count == 0 ? "there is no signing key" : nil },
        ]
    }

    public var tokenKeys: (@Sendable () -> JWKSet)? {
        let keys = self.keys
        return { keys.published }
    }

    /// Rotates keys and forgets expired sessions, until cancelled.
    public func run() async { await self.upkeep.run() }

    public func close() async { await self.database.close() }

    /// One round of what `run` does.
    package func maintain() async { await self.upkeep.round() }
}
