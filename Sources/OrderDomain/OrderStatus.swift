/// Where an order is on its way: `pending` → `processing` → `shipped` → `delivered`, with `cancelled` open until it is
/// shipped.
public enum OrderStatus: String, Sendable, Hashable, CaseIterable {
    /// Written down; stock and payment are being seen to.
    case pending
    /// Paid, to be shipped.
    case processing
    case shipped
    case delivered
    case cancelled

    /// What may follow.
    public var successors: [OrderStatus] {
        switch self {
        case .pending: [.processing, .cancelled]
        case .processing: [.shipped, .cancelled]
        case .shipped: [.delivered]
        case .delivered, .cancelled: []
        }
    }

    /// Whether nothing follows.
    public var isFinal: Bool { self.successors.isEmpty }

    public func canMove(to next: OrderStatus) -> Bool { self.successors.contains(next) }

    /// - Throws: `IllegalOrderStep` when `next` does not follow.
    public func moved(to next: OrderStatus) throws(IllegalOrderStep) -> OrderStatus {
        guard self.canMove(to: next) else { throw IllegalOrderStep(from: self, to: next) }
        return next
    }
}

/// A step that the way of an order does not have.
public struct IllegalOrderStep: Error, Hashable, Sendable, CustomStringConvertible {
    public let from: OrderStatus
    public let to: OrderStatus

    public init(from: OrderStatus, to: OrderStatus) {
        self.from = from
        self.to = to
    }

    public var description: String {
        if self.from == self.to { return "The order is \(self.from.rawValue) already." }
        let open = self.from.successors.map(\.rawValue).joined(separator: " or ")
        return self.from.isFinal
            ? "An order that is \(self.from.rawValue) stays so; it cannot become \(self.to.rawValue)."
            : "An order that is \(self.from.rawValue) cannot become \(self.to.rawValue), only \(open)."
    }
}
