/// An order: what was asked for, what it comes to, and where it is on its way.
///
/// Every change goes through a method that knows the rules; each gives the event to be written into the order's
/// history.
public struct Order: Hashable, Sendable {
    public enum Contents: Hashable, Sendable {
        /// Not priced yet: the stock is not reserved.
        case requested(RequestedLines)
        case priced(PricedLines)
    }

    public let id: OrderID
    public let userID: String
    public let paymentMethod: PaymentMethod
    public let shippingAddress: ShippingAddress?
    /// Microseconds since 1970.
    public let createdAt: Int
    public private(set) var status: OrderStatus
    public private(set) var contents: Contents
    public private(set) var trackingNumber: String?
    /// Set if and only if the order is cancelled.
    public private(set) var cancelReason: CancelReason?
    /// Microseconds since 1970.
    public private(set) var updatedAt: Int

    /// A new order, `pending` and not priced.
    public init(
        placing id: OrderID, userID: String, lines: RequestedLines, paymentMethod: PaymentMethod,
        shippingAddress: ShippingAddress?, at now: Int
    ) {
        self.id = id
        self.userID = userID
        self.paymentMethod = paymentMethod
        self.shippingAddress = shippingAddress
        self.createdAt = now
        self.updatedAt = now
        self.status = .pending
        self.contents = .requested(lines)
    }

    /// An order as it was stored.
    ///
    /// - Throws: `OrderError.inconsistent` for what no sequence of steps can lead to.
    public init(
        restoring id: OrderID, userID: String, paymentMethod: PaymentMethod, shippingAddress: ShippingAddress?,
        status: OrderStatus, contents: Contents, trackingNumber: String?, cancelReason: CancelReason?, createdAt: Int,
        updatedAt: Int
    ) throws(OrderError) {
        if case .requested = contents, status != .pending, status != .cancelled {
            throw .inconsistent("\(id) is \(status.rawValue) without prices")
        }
        guard (cancelReason != nil) == (status == .cancelled) else {
            throw .inconsistent("\(id) is \(status.rawValue) with cancel reason \(cancelReason?.rawValue ?? "none")")
        }
        self.id = id
        self.userID = userID
        self.paymentMethod = paymentMethod
        self.shippingAddress = shippingAddress
        self.status = status
        self.contents = contents
        self.trackingNumber = trackingNumber
        self.cancelReason = cancelReason
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// What the order comes to; nil while it is not priced.
    public var total: Money? {
        if case .priced(let lines) = self.contents { lines.total } else { nil }
    }

    // MARK: Steps

    /// Notes the prices at which the stock was reserved.
    ///
    /// - Throws: `OrderError.notPending`; `.linesDiffer` when they are not what was asked for.
    public mutating func price(_ lines: PricedLines, at now: Int) throws(OrderError) {
        guard self.status == .pending else { throw .notPending(self.status) }
        switch self.contents {
        case .requested(let requested): guard lines.answers(requested) else { throw .linesDiffer }
        case .priced(let known): guard known == lines else { throw .linesDiffer }
        }
        self.contents = .priced(lines)
        self.updatedAt = now
    }

    /// The payment was captured: `pending` → `processing`.
    ///
    /// - Throws: `OrderError.illegalStep`; `.notPriced`.
    public mutating func markPaid(at now: Int) throws(OrderError) -> OrderEvent {
        guard self.total != nil else { throw .notPriced }
        return try self.move(to: .processing, .paid, at: now)
    }

    /// `processing` → `shipped`.
    /// - Throws: `OrderError.illegalStep`.
    public mutating func ship(trackingNumber: String?, at now: Int) throws(OrderError) -> OrderEvent {
        let event = try self.move(to: .shipped, .shipped, at: now)
        self.trackingNumber = trackingNumber
        return event
    }

    /// `shipped` → `delivered`.
    /// - Throws: `OrderError.illegalStep`.
    public mutating func deliver(at now: Int) throws(OrderError) -> OrderEvent {
        try self.move(to: .delivered, .delivered, at: now)
    }

    /// `pending` or `processing` → `cancelled`.
    /// - Throws: `OrderError.illegalStep`.
    public mutating func cancel(_ reason: CancelReason, at now: Int) throws(OrderError) -> OrderEvent {
        let event = try self.move(to: .cancelled, .cancelled, detail: reason.rawValue, at: now)
        self.cancelReason = reason
        return event
    }

    private mutating func move(
        to next: OrderStatus, _ kind: OrderEvent.Kind, detail: String? = nil, at now: Int
    ) throws(OrderError) -> OrderEvent {
        do throws(IllegalOrderStep) {
            self.status = try self.status.moved(to: next)
        } catch {
            throw .illegalStep(error)
        }
        self.updatedAt = now
        return OrderEvent(kind, status: next, detail: detail, at: now)
    }
}

/// What an order refuses.
public enum OrderError: Error, Hashable, Sendable {
    case illegalStep(IllegalOrderStep)
    case notPending(OrderStatus)
    case notPriced
    /// Prices came for other products or quantities than were asked for, or for other prices than are known.
    case linesDiffer
    case inconsistent(String)
}
