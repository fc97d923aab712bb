import CSystem
import HTTPCore
import JSON

/// One arrival, from its first step to its last.
///
/// The first step is due when the arrival was; each other when the customer has looked at the answer before it. A step that
/// fails ends the journey: nobody puts into the cart what could not be shown.
struct Journey {
    /// What all journeys of a run share.
    struct Surroundings: Sendable {
        let client: LoadClient
        let pacer: Pacer
        let customers: CustomerPool
        let shelves: Shelves
        let plan: LoadPlan
    }

    private struct Stop: Error { let end: JourneyEnd }

    let kind: JourneyKind
    private let run: Surroundings
    private var random: SeededGenerator
    private var due: UInt64
    private var isFirst = true

    /// - Parameters:
    ///   - number: of the arrival, which with the seed decides all choices.
    ///   - due: nanoseconds of the monotonic clock.
    init(number: UInt64, due: UInt64, _ run: Surroundings) {
        self.run = run
        self.due = due
        self.random = SeededGenerator(seed: run.plan.seed, stream: number)
        self.kind = run.plan.journeys.choose(&self.random)
    }

    var needsCustomer: Bool { self.kind != .browse && self.kind != .search }

    /// Where to begin looking for a customer.
    mutating func chooseCustomer() -> Int { self.random.index(below: self.run.plan.customers) }

    mutating func go(as customer: inout CustomerPool.Customer?) async -> JourneyEnd {
        do throws(Stop) {
            switch self.kind {
            case .browse: try await self.browse()
            case .search: try await self.search()
            case .cart: try await self.fillCart(as: &customer)
            case .checkout: try await self.checkOut(as: &customer)
            case .orders: try await self.lookAtOrders(as: &customer)
            }
            return .completed
        } catch {
            return error.end
        }
    }

    // MARK: Journeys

    private mutating func browse() async throws(Stop) {
        try await self.lookAtShelves()
        if self.random.unit() < 0.5 {
            _ = try await self.step(.listCategories, .get, "/api/v1/categories")
            if let category = self.run.shelves.catalogue.category(&self.random) {
                _ = try await self.step(.listCategory, .get, "/api/v1/products?category=\(category)&limit=20")
            }
        }
        for _ in 0...self.random.index(below: 3) { _ = try await self.lookAtProduct() }
    }

    private mutating func search() async throws(Stop) {
        let word = self.run.shelves.catalogue.word(&self.random)
        _ = try await self.step(.search, .get, "/api/v1/products/search?q=\(word)&limit=20")
        _ = try await self.lookAtProduct()
    }

    private mutating func fillCart(as customer: inout CustomerPool.Customer?) async throws(Stop) {
        let token = try await self.logIn(as: &customer)
        let product = try await self.lookAtProduct()
        let hasRoom = try await self.addToCart(product, token)
        _ = try await self.step(.viewCart, .get, "/api/v1/cart", token: token)
        if hasRoom {
            _ = try await self.step(.removeFromCart, .delete, "/api/v1/cart/items/\(product)", token: token)
        }
    }

    private mutating func checkOut(as customer: inout CustomerPool.Customer?) async throws(Stop) {
        let token = try await self.logIn(as: &customer)
        for _ in 0...(self.random.unit() < 0.25 ? 1 : 0) {
            let product = try await self.lookAtProduct()
            // A full cart can be ordered as it is.
            guard try await self.addToCart(product, token) else { break }
        }
        var order = JSONWriter()
        order.beginObject()
        order.field("payment_method", "credit_card")
        order.endObject()
        let answer = try await self.step(
            .placeOrder, .post, "/api/v1/orders", token: token, json: order, idempotent: true)
        if case .refused(.outOfStock) = answer.outcome { self.run.shelves.noteShortage() }
        guard answer.isGood else {
            // What cannot be bought does not stay: the next checkout would be refused for it again.
            _ = try await self.step(.removeFromCart, .delete, "/api/v1/cart", token: token)
            throw Stop(end: .abandoned)
        }
    }

    private mutating func lookAtOrders(as customer: inout CustomerPool.Customer?) async throws(Stop) {
        let token = try await self.logIn(as: &customer)
        let answer = try await self.step(
            .listOrders, .get, "/api/v1/orders?limit=10", token: token, needs: { $0["items"]?.array != nil },
            readsContent: true)
        // A customer without orders has seen that there are none.
        guard let newest = answer.json?["items"]?.array?.first?["id"]?.string, Catalogue.isPlain(newest) else { return }
        _ = try await self.step(.getOrder, .get, "/api/v1/orders/\(newest)", token: token)
    }

    // MARK: Parts of journeys

    private mutating func lookAtShelves() async throws(Stop) {
        let page = 1 + (Popularity(count: 5).choose(&self.random) ?? 0)
        let learns = self.run.shelves.catalogue.isEmpty
        let answer = try await self.step(.listProducts, .get, "/api/v1/products?page=\(page)&limit=20")
        if learns, let products = answer.json.map(Catalogue.products(of:)) { self.run.shelves.learn(products) }
    }

    /// - Returns: the product's id.
    private mutating func lookAtProduct() async throws(Stop) -> String {
        if self.run.shelves.catalogue.isEmpty { try await self.lookAtShelves() }
        guard let product = self.run.shelves.catalogue.product(&self.random) else { throw Stop(end: .abandoned) }
        _ = try await self.step(.getProduct, .get, "/api/v1/products/\(product)")
        return product
    }

    /// - Returns: false when the cart is full.
    private mutating func addToCart(_ product: String, _ token: String) async throws(Stop) -> Bool {
        var item = JSONWriter()
        item.beginObject()
        item.field("product_id", product)
        item.field("quantity", 1)
        item.endObject()
        return try await self.step(.addToCart, .post, "/api/v1/cart/items", token: token, json: item).isGood
    }

    /// Registers the customer on the first occasion, and logs in while there is no token that lasts.
    /// - Returns: the access token.
    private mutating func logIn(as customer: inout CustomerPool.Customer?) async throws(Stop) -> String {
        guard var known = customer else { throw Stop(end: .abandoned) }
        if let token = known.token, known.tokenEnds > vitrine_monotonic_nanoseconds() { return token }
        let credentials = Credentials(email: known.email, password: CustomerPool.password).json
        if !known.isRegistered {
            _ = try await self.step(.register, .post, "/api/v1/auth/register", json: credentials)
            known.isRegistered = true
            customer = known
        }
        let answer = try await self.step(
            .logIn, .post, "/api/v1/auth/login", json: credentials, needs: { $0["access_token"]?.string != nil },
            readsContent: true)
        guard let session = answer.json, let token = session["access_token"]?.string else {
            throw Stop(end: .abandoned)
        }
        known.token = token
        known.tokenEnds = Credentials.end(of: session)
        customer = known
        return token
    }

    /// Waits until the step is due, and takes it.
    /// - Throws: `Stop` when it failed, or the run is over.
    private mutating func step(
        _ step: LoadStep, _ method: HTTPMethod, _ target: String, token: String? = nil, json: JSONWriter? = nil,
        idempotent: Bool = false, needs: (JSONValue) -> Bool = { _ in true }, readsContent: Bool = false
    ) async throws(Stop) -> LoadClient.Answer {
        if !self.isFirst { self.due = vitrine_monotonic_nanoseconds() &+ self.run.plan.thinkTime.draw(&self.random) }
        self.isFirst = false
        guard await self.run.pacer.sleep(until: self.due) else { throw Stop(end: .cut) }
        let answer = await self.run.client.take(
            step, method, target, token: token, json: json, idempotent: idempotent, due: self.due, needs: needs,
            readsContent: readsContent)
        guard let answer, !answer.outcome.isFailure else { throw Stop(end: .abandoned) }
        return answer
    }
}

/// What a log-in takes and gives.
struct Credentials {
    let email: String
    let password: String

    var json: JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("email", self.email)
        writer.field("password", self.password)
        writer.endObject()
        return writer
    }

    /// When a session's token is given up: 30 s before it ends, or halfway of a shorter life.
    static func end(of session: JSONValue) -> UInt64 {
        let seconds = min(max(session["expires_in"]?.int ?? 60, 1), 86_400)
        return vitrine_monotonic_nanoseconds() &+ UInt64(max(seconds - 30, seconds / 2)) * 1_000_000_000
    }
}
