import OrderDomain

/// Where orders are kept, with their payments, sagas, history and idempotency keys.
///
/// State changes through synchronous closures, each one transaction, so that no network call fits inside.
protocol OrderRepository: Sendable {
    /// Adds a new order, if its key is not in use.
    ///
    /// - Parameter keysSince: keys used before this instant count no more.
    /// - Returns: the key's first use, and nothing is added; nil when the order was.
    func insert(_ record: OrderRecord, key: IdempotencyKey?, keysSince: Int) async throws -> UsedKey?

    /// Reads, changes and writes one order.
    /// - Throws: `OrderNotFound`; or what `body` throws, and then nothing is changed.
    func change<R: Sendable>(
        _ id: OrderID, _ body: @escaping @Sendable (inout OrderRecord) throws -> R
    ) async throws -> R

    func record(_ id: OrderID) async throws -> OrderRecord?

    /// The use of a key since an instant.
    func use(of key: IdempotencyKey, since: Int) async throws -> UsedKey?

    /// Forgets keys used before `instant`, at most `limit`, and says how many.
    func removeKeys(usedBefore instant: Int, limit: Int) async throws -> Int

    func page(_ query: OrderQuery) async throws -> OrderPage
    func events(of id: OrderID, offset: Int, limit: Int) async throws -> (events: [OrderEvent], total: Int)

    /// Takes leases on sagas that are due, at most `limit`.
    func leaseDueSagas(now: Int, until: Int, limit: Int) async throws -> [OrderID]
    /// The orders with something left to be done, by step; a step without any is missing.
    func sagaBacklog() async throws -> [Saga.Step: SagaBacklog]

    /// Checks orders changed after `cursor`, oldest change first, at most `limit`.
    func audit(after cursor: AuditCursor, limit: Int) async throws -> AuditPage
    /// Those of `ids` that still break a rule.
    func audit(_ ids: [OrderID]) async throws -> [OrderID]
}

struct OrderNotFound: Error, Sendable, Hashable {
    let id: OrderID
}

/// Which orders, newest first.
struct OrderQuery: Sendable, Hashable {
    /// Nil for those of everybody.
    var userID: String?
    var status: OrderStatus?
    /// Only orders older than this one.
    var after: OrderID?
    var offset: Int
    var limit: Int
}

struct OrderPage: Sendable {
    let orders: [Order]
    /// How many there are on all pages.
    let total: Int
    let hasMore: Bool
}

/// How far an audit has come.
struct AuditCursor: Sendable, Hashable {
    var updatedAt: Int
    var id: String

    static let start = AuditCursor(updatedAt: -1, id: "")
}

struct AuditPage: Sendable {
    /// Orders that break a rule about money.
    let violations: [OrderID]
    /// The last order checked; nil when there was none.
    let last: AuditCursor?
}
