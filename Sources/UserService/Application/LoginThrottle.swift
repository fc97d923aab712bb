import Synchronization

/// Slows the guessing of passwords: failed sign-ins are bounded for an account as tried from one address, and for an
/// address whatever accounts it tries.
///
/// There is no bound for an account alone: with one, anybody could lock anybody out.
///
/// An attempt is counted before the password is compared and given back when it was right, so that attempts side by
/// side cannot slip through together.
final class LoginThrottle: Sendable {
    /// Accounts and addresses remembered, each; about 1 MiB when full.
    static let keysMax = 16_384

    private struct State: Sendable {
        var accounts: AttemptWindows
        var addresses: AttemptWindows
    }
    private let state: Mutex<State>

    /// What an admitted attempt hands back when it is over.
    struct Permit: Sendable {
        fileprivate let account: UInt64
        fileprivate let address: UInt64
    }

    enum Admission: Sendable {
        case admitted(Permit)
        /// Not before this many microseconds have passed.
        case refused(wait: Int)
    }

    /// - Parameters:
    ///   - accountMax: failures in a window for one account from one address.
    ///   - addressMax: failures in a window for one address.
    ///   - window: in microseconds.
    init(accountMax: Int, addressMax: Int, window: Int, keysMax: Int = LoginThrottle.keysMax) {
        self.state = Mutex(
            State(
                accounts: AttemptWindows(limit: accountMax, window: window, keysMax: keysMax),
                addresses: AttemptWindows(limit: addressMax, window: window, keysMax: keysMax)))
    }

    /// Counts an attempt, or refuses it.
    /// - Parameters:
    ///   - account: what was typed, normalised, whether or not there is such an account.
    ///   - now: microseconds.
    func admit(account: String, address: String, now: Int) -> Admission {
        let permit = Permit(account: Self.key(account, address), address: Self.key(address))
        return self.state.withLock { state in
            let waits = [state.accounts.wait(permit.account, now: now), state.addresses.wait(permit.address, now: now)]
            if let wait = waits.compactMap({ $0 }).max() { return .refused(wait: wait) }
            state.accounts.take(permit.account, now: now)
            state.addresses.take(permit.address, now: now)
            return .admitted(permit)
        }
    }

    /// The password was right: the account begins again from this address. The address itself only gets this attempt
    /// back, or a guesser could wash its count with an account of its own.
    func succeeded(_ permit: Permit) {
        self.state.withLock { state in
            state.accounts.clear(permit.account)
            state.addresses.giveBack(permit.address)
        }
    }

    /// The attempt came to no comparison.
    func abandoned(_ permit: Permit) {
        self.state.withLock { state in
            state.accounts.giveBack(permit.account)
            state.addresses.giveBack(permit.address)
        }
    }

    /// Keys now held, of both kinds together.
    var keyCount: Int { self.state.withLock { $0.accounts.count + $0.addresses.count } }

    /// Keys forgotten before their window had ended, because there were too many.
    var evicted: Int { self.state.withLock { $0.accounts.evicted + $0.addresses.evicted } }

    /// Swift's hashing is keyed at random for each process, so that nobody can aim at another's key.
    private static func key(_ parts: String...) -> UInt64 {
        var hasher = Hasher()
        for part in parts { hasher.combine(part) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
