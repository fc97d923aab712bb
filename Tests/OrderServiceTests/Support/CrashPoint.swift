import HTTPCore
import OrderDomain
import Routing
import Synchronization

@testable import OrderService

/// Ends a process at a chosen moment, as far as the world around it can tell: from then on nothing it does has any
/// effect, and nothing comes back to it.
final class CrashPoint: Sendable {
    struct Crashed: Error {}

    /// Whether the step at which it happens is still taken.
    enum Moment: Sendable, CaseIterable { case before, after }

    private let taken = Mutex(0)
    private let limit: Int
    private let moment: Moment

    /// - Parameter limit: steps that are taken and answered; the one after them meets the crash.
    init(after limit: Int, _ moment: Moment) {
        self.limit = limit
        self.moment = moment
    }

    /// Whether all steps were taken without a crash.
    var hasHappened: Bool { self.taken.withLock { $0 > self.limit } }

    /// Takes a step; nil from the crash on.
    func step<T>(_ body: () async throws -> T) async rethrows -> T? {
        let number = self.taken.withLock { taken in
            taken += 1
            return taken
        }
        if number <= self.limit { return try await body() }
        if number == self.limit + 1, self.moment == .after { _ = try await body() }
        return nil
    }
}

struct CrashingInventory: Inventory {
    private let inner: any Inventory
    private let crash: CrashPoint

    init(_ inner: any Inventory, _ crash: CrashPoint) {
        self.inner = inner
        self.crash = crash
    }

    func reserve(_ lines: RequestedLines, for order: OrderID, deadline: Deadline) async -> ReserveOutcome {
        await self.crash.step { await self.inner.reserve(lines, for: order, deadline: deadline) } ?? .failed(.silent)
    }

    func confirm(_ order: OrderID, deadline: Deadline) async -> ConfirmOutcome {
        await self.crash.step { await self.inner.confirm(order, deadline: deadline) } ?? .failed(.silent)
    }

    func release(_ order: OrderID, deadline: Deadline) async -> ReleaseOutcome {
        await self.crash.step { await self.inner.release(order, deadline: deadline) } ?? .failed(.silent)
    }
}

struct CrashingPayments: PaymentProvider {
    private let inner: any PaymentProvider
    private let crash: CrashPoint

    init(_ inner: any PaymentProvider, _ crash: CrashPoint) {
        self.inner = inner
        self.crash = crash
    }

    func charge(_ charge: Charge, deadline: Deadline) async -> ChargeOutcome {
        await self.crash.step { await self.inner.charge(charge, deadline: deadline) } ?? .unknown
    }

    func find(_ id: OrderID, deadline: Deadline) async -> PaymentFinding {
        await self.crash.step { await self.inner.find(id, deadline: deadline) } ?? .unknown
    }

    func refund(_ id: OrderID, deadline: Deadline) async -> RefundOutcome {
        await self.crash.step { await self.inner.refund(id, deadline: deadline) } ?? .unknown
    }
}

struct CrashingCarts: CustomerCarts {
    private let inner: any CustomerCarts
    private let crash: CrashPoint

    init(_ inner: any CustomerCarts, _ crash: CrashPoint) {
        self.inner = inner
        self.crash = crash
    }

    func cart(of userID: String, deadline: Deadline) async throws -> CartForOrder {
        try await self.crash.step { try await self.inner.cart(of: userID, deadline: deadline) }.orCrash()
    }

    func clear(_ userID: String, version: Int, deadline: Deadline) async throws {
        try await self.crash.step { try await self.inner.clear(userID, version: version, deadline: deadline) }.orCrash()
    }
}

struct CrashingOrders: OrderRepository {
    private let inner: any OrderRepository
    private let crash: CrashPoint

    init(_ inner: any OrderRepository, _ crash: CrashPoint) {
        self.inner = inner
        self.crash = crash
    }

    func insert(_ record: OrderRecord, key: IdempotencyKey?, keysSince: Int) async throws -> UsedKey? {
        let used: UsedKey?? = try await self.crash.step {
            try await self.inner.insert(record, key: key, keysSince: keysSince)
        }
        return try used.orCrash()
    }

    func change<R: Sendable>(
        _ id: OrderID, _ body: @escaping @Sendable (inout OrderRecord) throws -> R
    ) async throws -> R {
        try await self.crash.step { try await self.inner.change(id, body) }.orCrash()
    }

    func record(_ id: OrderID) async throws -> OrderRecord? { try await self.inner.record(id) }
    func use(of key: IdempotencyKey, since: Int) async throws -> UsedKey? {
        try await self.inner.use(of: key, since: since)
    }
    func removeKeys(usedBefore instant: Int, limit: Int) async throws -> Int {
        try await self.inner.removeKeys(usedBefore: instant, limit: limit)
    }
    func page(_ query: OrderQuery) async throws -> OrderPage { try await self.inner.page(query) }
    func events(of id: OrderID, offset: Int, limit: Int) async throws -> (events: [OrderEvent], total: Int) {
        try await self.inner.events(of: id, offset: offset, limit: limit)
    }
    func leaseDueSagas(now: Int, until: Int, limit: Int) async throws -> [OrderID] {
        try await self.inner.leaseDueSagas(now: now, until: until, limit: limit)
    }
    func sagaBacklog() async throws -> [Saga.Step: SagaBacklog] { try await self.inner.sagaBacklog() }
    func audit(after cursor: AuditCursor, limit: Int) async throws -> AuditPage {
        try await self.inner.audit(after: cursor, limit: limit)
    }
    func audit(_ ids: [OrderID]) async throws -> [OrderID] { try await self.inner.audit(ids) }
}

extension Optional {
    fileprivate func orCrash() throws -> Wrapped {
        guard let self else { throw CrashPoint.Crashed() }
        return self
    }
}
