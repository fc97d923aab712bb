import Faults
import HTTPCore
import OrderDomain
import ServiceKit
import Telemetry

/// A payment provider without money: it decides by `PaymentRules` and keeps books.
struct SimulatedPaymentProvider: PaymentProvider {
    let book: ChargeBook
    /// How long a charge takes.
    let latency: Duration
    let log: Logger
    /// Microseconds since 1970.
    let now: @Sendable () -> Int
    /// What its calls meet on purpose, beside the rules; nil for nothing.
    var faults: FaultInjector?
    /// Waits; throws when cancelled.
    var wait: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    func charge(_ charge: Charge, deadline: Deadline) async -> ChargeOutcome {
        do {
            let trouble = try await self.trouble("charge payment", isCharge: true, deadline: deadline)
            let verdict = PaymentRules.verdict(charge.amount, trouble)
            guard try await self.takeTime(until: deadline) else {
                // The caller gives up, the provider does not.
                _ = try await self.decide(charge, verdict.decision)
                return .unknown
            }
            let outcome = try await self.decide(charge, verdict.decision)
            if trouble == .answerLost { try await self.wait(max(.zero, deadline.remaining)) }
            return verdict.isAnswered ? outcome : .unknown
        } catch {
            self.log.warning("payment provider failed", [.orderID(charge.id), .cause(error)])
            return .unknown
        }
    }

    private func trouble(_ name: String, isCharge: Bool = false, deadline: Deadline) async throws -> PaymentTrouble? {
        guard let faults = self.faults, faults.isActive(at: .payment) else { return nil }
        return try await faults.beforePayment(name, isCharge: isCharge, deadline: deadline)
    }

    /// - Returns: false when the deadline comes before the latency is over.
    private func takeTime(until deadline: Deadline) async throws -> Bool {
        guard self.latency > .zero else { return true }
        let remaining = max(.zero, deadline.remaining)
        try await self.wait(min(self.latency, remaining))
        return self.latency < remaining
    }

    private func decide(_ charge: Charge, _ decision: PaymentRules.Verdict.Decision) async throws -> ChargeOutcome {
        let entry: ChargeBook.Entry
        switch decision {
        case .captured: entry = try await self.book.enter(charge, .captured, nil, at: self.now())
        case .declined(let reason): entry = try await self.book.enter(charge, .declined, reason, at: self.now())
        case .lost: return .unknown
        }
        switch entry.status {
        case .captured: return .captured(reference: Self.reference(charge.id))
        case .declined: return .declined(entry.declineReason ?? .cardDeclined)
        case .refunded, .voided: return .declined(.voided)
        }
    }

    func find(_ id: OrderID, deadline: Deadline) async -> PaymentFinding {
        do {
            if try await self.trouble("find payment", deadline: deadline) != nil { return .unknown }
            guard let entry = try await self.book.entry(id) else { return .none }
            switch entry.status {
            case .captured: return .captured(reference: Self.reference(id))
            case .declined: return .declined(entry.declineReason ?? .cardDeclined)
            case .refunded, .voided: return .declined(.voided)
            }
        } catch {
            self.log.warning("payment provider failed", [.orderID(id), .cause(error)])
            return .unknown
        }
    }

    func refund(_ id: OrderID, deadline: Deadline) async -> RefundOutcome {
        do {
            if try await self.trouble("refund payment", deadline: deadline) != nil { return .unknown }
            guard let entry = try await self.book.refund(id, at: self.now()) else { return .nothingCaptured }
            switch entry.status {
            case .captured, .refunded: return .refunded(entry.amount)
            case .declined, .voided: return .nothingCaptured
            }
        } catch {
            self.log.warning("payment provider failed", [.orderID(id), .cause(error)])
            return .unknown
        }
    }

    /// What a statement of account would show.
    private static func reference(_ id: OrderID) -> String { "sim_\(id.description.filter { $0 != "-" })" }
}
