import HTTPCore
import OrderDomain
import Synchronization

@testable import OrderService

/// A provider whose answers get lost on demand.
final class UnreliablePayments: PaymentProvider {
    enum Step: Hashable, Sendable { case charge, find, refund }

    enum Failure: Sendable {
        /// The step is taken, but no answer comes.
        case silentSuccess
        /// No answer comes, and the step is not taken.
        case silence
    }

    private struct State {
        var failures: [Step: Failure] = [:]
        var hooks: [Step: @Sendable () async -> Void] = [:]
        var laterHooks: [Step: @Sendable () async -> Void] = [:]
        var charges: [Charge] = []
    }

    private let state = Mutex(State())
    private let provider: any PaymentProvider

    init(_ provider: any PaymentProvider) { self.provider = provider }

    func fail(_ step: Step, _ failure: Failure?) { self.state.withLock { $0.failures[step] = failure } }
    /// Runs `hook` once, before the next call of a step.
    func before(_ step: Step, _ hook: @escaping @Sendable () async -> Void) {
        self.state.withLock { $0.hooks[step] = hook }
    }
    /// Runs `hook` once, after the next call of a step, before its answer arrives.
    func after(_ step: Step, _ hook: @escaping @Sendable () async -> Void) {
        self.state.withLock { $0.laterHooks[step] = hook }
    }
    /// Every charge that was asked for.
    var charges: [Charge] { self.state.withLock { $0.charges } }

    func charge(_ charge: Charge, deadline: Deadline) async -> ChargeOutcome {
        self.state.withLock { $0.charges.append(charge) }
        return await self.call(.charge, .unknown) { await self.provider.charge(charge, deadline: deadline) }
    }

    func find(_ id: OrderID, deadline: Deadline) async -> PaymentFinding {
        await self.call(.find, .unknown) { await self.provider.find(id, deadline: deadline) }
    }

    func refund(_ id: OrderID, deadline: Deadline) async -> RefundOutcome {
        await self.call(.refund, .unknown) { await self.provider.refund(id, deadline: deadline) }
    }

    private func call<Outcome>(_ step: Step, _ unknown: Outcome, _ body: () async -> Outcome) async -> Outcome {
        let (failure, hook) = self.state.withLock { ($0.failures[step], $0.hooks.removeValue(forKey: step)) }
        await hook?()
        guard failure != .silence else { return unknown }
        let outcome = await body()
        await self.state.withLock { $0.laterHooks.removeValue(forKey: step) }?()
        return failure == .silentSuccess ? unknown : outcome
    }
}
