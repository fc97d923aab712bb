import Synchronization

/// The made-up customers of a run. Each is on one journey at a time, as a person is; so no cart has two hands in it.
final class CustomerPool: Sendable {
    struct Customer: Sendable {
        let number: Int
        let email: String
        /// Whether the account is known to exist.
        var isRegistered = false
        var token: String?
        /// From when on the token is not used any more; nanoseconds of the monotonic clock.
        var tokenEnds: UInt64 = 0
    }

    /// Published, and worth nothing: the accounts are customers that hold what a generator has put there.
    static let password = "load-generator-password"

    private let customers: Mutex<[Customer?]>
    private let seed: UInt64

    init(count: Int, seed: UInt64) {
        self.seed = seed
        self.customers = Mutex(
            (0..<count).map { Customer(number: $0, email: "load-\(seed)-\($0)@load.vitrine.dev") })
    }

    /// A customer who is not on a journey: the chosen one, or the next that is free; nil when none is.
    func take(from choice: Int) -> Customer? {
        self.customers.withLock { customers in
            for offset in customers.indices {
                let place = (choice + offset) % customers.count
                if let customer = customers[place] {
                    customers[place] = nil
                    return customer
                }
            }
            return nil
        }
    }

    func giveBack(_ customer: Customer) {
        self.customers.withLock { $0[customer.number] = customer }
    }
}
