import HTTPCore
import JSON
import Synchronization

/// Carries the load's requests and tells how each ended: what the load generator sums up, assertions want one by one.
///
/// It remembers each order that was acknowledged, with the token of whoever placed it.
final class ObservingTransport: HTTPTransport {
    private let upstream: any HTTPTransport
    private let clock: RunClock
    private let onOutcome: @Sendable (RequestOutcome) -> Void
    private let orders = Mutex<[Order]>([])

    struct Order: Sendable, Hashable {
        let id: String
        /// The `authorization` field of the request that placed it.
        let authorization: String
    }

    static let answerBytesMax = 4 << 20
    static let ordersMax = 50_000

    init(_ upstream: any HTTPTransport, clock: RunClock, onOutcome: @escaping @Sendable (RequestOutcome) -> Void) {
        self.upstream = upstream
        self.clock = clock
        self.onOutcome = onOutcome
    }

    /// Orders whose placing was acknowledged so far.
    var acknowledged: [Order] { self.orders.withLock { $0 } }

    func send(_ request: HTTPRequest, deadline: Deadline) async throws -> HTTPResponse {
        let begin = self.clock.now
        let step = RequestStep.name(of: request)
        do {
            var response = try await self.upstream.send(request, deadline: deadline)
            let bytes = try await response.body.collect(upTo: Self.answerBytesMax)
            response.body = .bytes(bytes)
            self.remember(step, request, response.status, bytes)
            self.onOutcome(
                RequestOutcome(
                    at: begin, step: step, status: response.status.code, seconds: self.clock.now - begin,
                    hasRetryAfter: response.fields.contains(.retryAfter),
                    isStale: response.fields.contains("warning"), traceID: Self.traceID(of: request)))
            return response
        } catch {
            // A request that the end of the run cut off says nothing of the shop.
            if !Task.isCancelled {
                self.onOutcome(
                    RequestOutcome(
                        at: begin, step: step, status: 0, seconds: self.clock.now - begin,
                        traceID: Self.traceID(of: request)))
            }
            throw error
        }
    }

    private func remember(_ step: String, _ request: HTTPRequest, _ status: HTTPStatus, _ body: [UInt8]) {
        guard step == "place_order", status.code == 201, let authorization = request.fields[.authorization],
            let id = (try? JSONValue(parsing: body))?["id"]?.string
        else { return }
        self.orders.withLock { orders in
            if orders.count < Self.ordersMax { orders.append(Order(id: id, authorization: authorization)) }
        }
    }

    /// The second part of `00-<trace>-<span>-<flags>`.
    private static func traceID(of request: HTTPRequest) -> String? {
        let parts = request.fields[.traceparent]?.split(separator: "-") ?? []
        return parts.count == 4 ? String(parts[1]) : nil
    }
}

/// Steps of journeys by what they ask for, named as the load generator's reports name them.
enum RequestStep {
    /// The steps that there are.
    static let names = [
        "list_products", "list_categories", "get_product", "search", "register", "log_in", "add_to_cart", "view_cart",
        "remove_from_cart", "place_order", "list_orders", "get_order", "restock", "other",
    ]

    static func name(of request: HTTPRequest) -> String {
        let parts = request.path.split(separator: "/").dropFirst(2).map(String.init)
        switch (request.method, parts.first, parts.count) {
        case (.get, "products", 1): return "list_products"
        case (.get, "products", 2): return parts[1] == "search" ? "search" : "get_product"
        case (.get, "categories", 1): return "list_categories"
        case (.post, "auth", 2) where parts[1] == "register": return "register"
        case (.post, "auth", 2) where parts[1] == "login": return "log_in"
        case (.post, "cart", 2): return "add_to_cart"
        case (.get, "cart", 1): return "view_cart"
        case (.delete, "cart", _): return "remove_from_cart"
        case (.post, "orders", 1): return "place_order"
        case (.get, "orders", 1): return "list_orders"
        case (.get, "orders", 2): return "get_order"
        case (.post, "products", 3): return "restock"
        default: return "other"
        }
    }
}
