import HTTPCore
import Routing
import Security
import Telemetry

/// Exchanges a password for a session.
///
/// An unknown account, a wrong password and text that cannot be either are answered with the same words after the same
/// work.
struct LogIn: Sendable {
    struct Command: Sendable {
        /// As typed.
        let email: String
        let password: String
        /// What failed attempts are counted by.
        let address: String
        /// After it nobody waits for the answer.
        let deadline: Deadline
    }

    let users: any UserRepository
    let sessions: any SessionRepository
    let vault: PasswordVault
    let issuer: TokenIssuer
    let throttle: LoginThrottle
    let policy: SessionPolicy
    let telemetry: Telemetry
    let instruments: UserInstruments
    let now: @Sendable () -> Int

    /// - Throws: `LoginRefusal`, `SignInOverload`, or what the store throws.
    func callAsFunction(_ command: Command) async throws -> Session {
        let email = EmailAddress(command.email)
        let permit = try self.admit(account: email?.rawValue ?? command.email, address: command.address)
        do {
            guard let session = try await self.open(email, command) else {
                self.instruments.logins.add(1, .badCredentials)
                throw LoginRefusal.badCredentials
            }
            self.throttle.succeeded(permit)
            self.instruments.logins.add(1, .success)
            self.telemetry.log.info("user logged in", [.userID(session.user.id)])
            return session
        } catch let refusal as LoginRefusal {
            throw refusal
        } catch {
            // Nothing was compared or nothing came of it: that is not the caller's guess.
            self.throttle.abandoned(permit)
            self.instruments.logins.add(1, error is SignInOverload ? .overloaded : .failed)
            throw error
        }
    }

    private func admit(account: String, address: String) throws -> LoginThrottle.Permit {
        switch self.throttle.admit(account: account, address: address, now: self.now()) {
        case .admitted(let permit): return permit
        case .refused(let wait):
            self.instruments.logins.add(1, .throttled)
            throw LoginRefusal.throttled(retryAfterSeconds: (wait + 999_999) / 1_000_000)
        }
    }

    private func open(_ email: EmailAddress?, _ command: Command) async throws -> Session? {
        let account: Account? = if let email { try await self.users.account(email: email) } else { nil }
        let issuer = self.issuer
        let signedAt = self.now()
        let accessToken = try await self.vault.verify(
            command.password, of: account, by: command.deadline
        ) { user in
            try issuer.sign(for: user, now: signedAt)
        }
        guard let account, let accessToken else { return nil }
        await self.renewHash(of: account, command)
        let refreshToken = try await self.begin(for: account.user)
        return Session(
            user: account.user, accessToken: accessToken, expiresIn: issuer.lifetimeSeconds, refreshToken: refreshToken)
    }

    private func begin(for user: User) async throws -> RefreshToken {
        let token = RefreshToken.random()
        let now = self.now()
        let displaced = try await self.sessions.begin(
            NewSession(
                familyID: UUIDv7().description, userID: user.id, digest: token.digest,
                expiresAt: now + self.policy.refreshLifetime),
            liveMax: self.policy.liveMax, now: now)
        self.instruments.sessionsDisplaced.add(displaced)
        return token
    }

    /// Hashes anew when the cost was changed since: only now is the password known.
    private func renewHash(of account: Account, _ command: Command) async {
        guard self.vault.isOutdated(account.passwordHash), let password = try? Password(command.password)
        else { return }
        do {
            let hash = try await self.vault.hash(password, by: command.deadline)
            try await self.users.replaceHash(id: account.user.id, account.passwordHash, with: hash)
        } catch {
            // The sign-in stands without it, and the next one tries again.
            self.telemetry.log.warning("password hash not renewed", [.userID(account.user.id)])
        }
    }
}

/// Why a sign-in is refused.
enum LoginRefusal: UserRefusal, Hashable {
    case badCredentials
    case throttled(retryAfterSeconds: Int)

    var problem: Problem {
        switch self {
        case .badCredentials: .unauthorized("The e-mail address or the password is wrong.")
        case .throttled(let seconds):
            .tooManyRequests("Too many failed sign-ins; try again in \(seconds) s.", retryAfterSeconds: seconds)
        }
    }
}
