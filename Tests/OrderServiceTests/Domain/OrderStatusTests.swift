import OrderDomain
import Testing

@Suite("Order status")
struct OrderStatusTests {
    /// Every allowed step; all others are illegal.
    static let steps: [OrderStatus: Set<OrderStatus>] = [
        .pending: [.processing, .cancelled],
        .processing: [.shipped, .cancelled],
        .shipped: [.delivered],
        .delivered: [],
        .cancelled: [],
    ]

    @Test("A step is taken or refused as the table says", arguments: OrderStatus.allCases, OrderStatus.allCases)
    func table(from: OrderStatus, to: OrderStatus) throws {
        let allowed = try #require(Self.steps[from]).contains(to)
        #expect(from.canMove(to: to) == allowed)
        if allowed {
            #expect(try from.moved(to: to) == to)
        } else {
            #expect(throws: IllegalOrderStep(from: from, to: to)) { try from.moved(to: to) }
        }
    }

    @Test("Delivered and cancelled are the ends")
    func ends() {
        #expect(OrderStatus.allCases.filter(\.isFinal) == [.delivered, .cancelled])
    }

    @Test("A refused step says what would be possible")
    func words() {
        #expect(
            IllegalOrderStep(from: .shipped, to: .cancelled).description
                == "An order that is shipped cannot become cancelled, only delivered.")
        #expect(
            IllegalOrderStep(from: .delivered, to: .cancelled).description
                == "An order that is delivered stays so; it cannot become cancelled.")
        #expect(IllegalOrderStep(from: .shipped, to: .shipped).description == "The order is shipped already.")
    }
}
