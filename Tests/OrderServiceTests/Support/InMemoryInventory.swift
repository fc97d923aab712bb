import HTTPCore
import OrderDomain
import Routing
import Synchronization

@testable import OrderService

/// Stock in memory, by the rules of the product service, with failures on demand.
final class InMemoryInventory: Inventory {
    struct Product: Sendable {
        let id: String
        let name: String
        var price: Int
        var stock: Int
        var reserved = 0
        var sold = 0
        let stocked: Int

        init(_ id: String, _ name: String, price: Int, stock: Int) {
            self.id = id
            self.name = name
            self.price = price
            self.stock = stock
            self.stocked = stock
        }

        var addsUp: Bool {
            self.stock >= 0 && self.reserved >= 0 && self.stock + self.reserved + self.sold == self.stocked
        }
    }

    enum Step: Hashable, Sendable { case reserve, confirm, release }

    /// How a step fails.
    enum Failure: Sendable {
        /// The service is down: the step is not taken.
        case down
        /// The step is taken, but no answer comes.
        case silentSuccess
        /// No answer comes, and the step is not taken.
        case silence
    }

    private enum Status { case held, expired, confirmed, released }

    private struct Reservation {
        var status: Status
        var lines: PricedLines?
    }

    private struct State {
        var products: [String: Product] = [:]
        var reservations: [OrderID: Reservation] = [:]
        var failures: [Step: Failure] = [:]
        var hooks: [Step: @Sendable () async -> Void] = [:]
    }

    private let state = Mutex(State())

    init(_ products: [Product]) {
        self.state.withLock { state in for product in products { state.products[product.id] = product } }
    }

    // MARK: For tests

    /// Lets a step fail until told otherwise; nil mends it.
    func fail(_ step: Step, _ failure: Failure?) { self.state.withLock { $0.failures[step] = failure } }
    /// Runs `hook` once, before the next call of a step.
    func before(_ step: Step, _ hook: @escaping @Sendable () async -> Void) {
        self.state.withLock { $0.hooks[step] = hook }
    }
    func product(_ id: String) -> Product? { self.state.withLock { $0.products[id] } }
    func setPrice(_ price: Int, of id: String) { self.state.withLock { $0.products[id]?.price = price } }
    var products: [Product] { self.state.withLock { Array($0.products.values) } }
    func isSold(to order: OrderID) -> Bool { self.state.withLock { $0.reservations[order]?.status == .confirmed } }

    /// Time passes: what is held for an order goes back, as it does when nobody confirms it.
    func expire(_ order: OrderID) {
        self.state.withLock { state in
            guard state.reservations[order]?.status == .held else { return }
            Self.move(&state, order) {
                $0.reserved -= $1; $0.stock += $1
            }
            state.reservations[order]?.status = .expired
        }
    }

    /// Somebody else buys what there is.
    func sellOut(_ id: String) {
        self.state.withLock { state in
            let stock = state.products[id]?.stock ?? 0
            state.products[id]?.stock = 0
            state.products[id]?.sold += stock
        }
    }

    // MARK: Inventory

    func reserve(_ lines: RequestedLines, for order: OrderID, deadline: Deadline) async -> ReserveOutcome {
        await self.call(.reserve, failed: ReserveOutcome.failed) { Self.reserve(&$0, lines, order) }
    }

    func confirm(_ order: OrderID, deadline: Deadline) async -> ConfirmOutcome {
        await self.call(.confirm, failed: ConfirmOutcome.failed) { Self.confirm(&$0, order) }
    }

    func release(_ order: OrderID, deadline: Deadline) async -> ReleaseOutcome {
        await self.call(.release, failed: ReleaseOutcome.failed) { state in
            switch state.reservations[order]?.status {
            case .held:
                Self.move(&state, order) {
                    $0.reserved -= $1; $0.stock += $1
                }
            case .confirmed:
                Self.move(&state, order) {
                    $0.sold -= $1; $0.stock += $1
                }
            case .expired, .released, nil: break
            }
            state.reservations[order, default: Reservation(status: .released)].status = .released
            return .released
        }
    }

    private func call<Outcome>(
        _ step: Step, failed: (StepFailure) -> Outcome, _ body: (inout State) -> Outcome
    ) async -> Outcome {
        let hook = self.state.withLock { $0.hooks.removeValue(forKey: step) }
        await hook?()
        return self.state.withLock { state in
            switch state.failures[step] {
            case nil: return body(&state)
            case .down: return failed(.down)
            case .silence: return failed(.silent)
            case .silentSuccess:
                _ = body(&state)
                return failed(.silent)
            }
        }
    }

    private static func reserve(_ state: inout State, _ lines: RequestedLines, _ order: OrderID) -> ReserveOutcome {
        switch state.reservations[order] {
        case .some(let known) where known.status == .released: return .released
        case .some(let known): if let lines = known.lines { return .reserved(lines) }
        case nil: break
        }
        let unknown = lines.lines.enumerated().filter { state.products[$0.element.productID] == nil }
        guard unknown.isEmpty else {
            return .unknownProducts(
                unknown.map { FieldError("items[\(lines.origins[$0.offset])].product_id", "is no product") })
        }
        let short = Self.short(state, lines)
        guard short.isEmpty else { return .outOfStock(short) }
        do {
            let priced = try PricedLines(
                lines.lines.compactMap { line in
                    guard let product = state.products[line.productID] else { return nil }
                    return try OrderLine(
                        productID: line.productID, name: product.name, quantity: line.quantity,
                        unitPrice: Money(minorUnits: product.price, currency: .usd))
                })
            state.reservations[order] = Reservation(status: .held, lines: priced)
            Self.move(&state, order) {
                $0.stock -= $1; $0.reserved += $1
            }
            return .reserved(priced)
        } catch {
            return .unpriceable(error as? PricedLinesError ?? .empty)
        }
    }

    private static func confirm(_ state: inout State, _ order: OrderID) -> ConfirmOutcome {
        switch state.reservations[order]?.status {
        case .held:
            Self.move(&state, order) {
                $0.reserved -= $1; $0.sold += $1
            }
        case .expired:
            let lines = state.reservations[order]?.lines?.lines ?? []
            guard lines.allSatisfy({ (state.products[$0.productID]?.stock ?? 0) >= $0.quantity }) else {
                return .outOfStock([FieldError("items[0].quantity", "nothing left")])
            }
            Self.move(&state, order) {
                $0.stock -= $1; $0.sold += $1
            }
        case .confirmed: return .confirmed
        case .released, nil: return .released
        }
        state.reservations[order]?.status = .confirmed
        return .confirmed
    }

    private static func short(_ state: State, _ lines: RequestedLines) -> [FieldError] {
        lines.lines.enumerated().compactMap { index, line in
            guard let product = state.products[line.productID], product.stock < line.quantity else { return nil }
            return FieldError(
                "items[\(lines.origins[index])].quantity", "only \(product.stock) left of \(product.name)")
        }
    }

    private static func move(_ state: inout State, _ order: OrderID, _ change: (inout Product, Int) -> Void) {
        for line in state.reservations[order]?.lines?.lines ?? [] {
            guard var product = state.products[line.productID] else { continue }
            change(&product, line.quantity)
            state.products[line.productID] = product
        }
    }
}

extension StepFailure {
    static let down = StepFailure(
        problem: .unavailable("The product service cannot take the request now."), cause: "down",
        mayHaveHadEffect: false)
    static let silent = StepFailure(
        problem: .gatewayTimeout("The product service did not answer in time."), cause: "silent", mayHaveHadEffect: true
    )
}
