import HTTPCore
import Routing
import ServiceKit
import Telemetry

/// What a user does with a cart. Every answer shows the cart as it is then.
///
/// Without the catalogue a cart still shows, and its lines can be changed and taken out; only what is not in it yet
/// cannot be put in, because nobody knows whether it exists.
struct ManageCart: Sendable {
    let carts: any CartRepository
    let catalogue: any ProductCatalogue
    let recent: RecentCarts
    let instruments: CartInstruments
    let log: Logger
    /// Microseconds since 1970.
    let now: @Sendable () -> Int

    func view(_ userID: String, deadline: Deadline) async throws -> CartView {
        await self.view(try await self.carts.cart(of: userID), deadline: deadline)
    }

    /// - Throws: `Problem` 404 for an unknown product, 422 for more than a line takes, 409 for more lines than a cart
    ///   takes, 503 when the product cannot be looked up.
    func add(_ quantity: Int, of productID: String, to userID: String, deadline: Deadline) async throws -> CartView {
        // One call for what is checked and what is shown.
        var asked = try await self.likelyProducts(userID)
        if !asked.contains(productID) { asked.append(productID) }
        let found = await self.lookUp(asked, deadline: deadline)
        let isVerified = found.products?.contains { $0.id == productID } ?? false
        if !isVerified && found.products != nil {
            throw Problem.notFound("There is no product \(productID).")
        }
        let cart = try await self.change(userID, failure: found.failure) { cart throws(CartError) in
            try cart.add(quantity, of: productID, isVerified: isVerified)
        }
        self.instruments.itemsAdded.add(quantity)
        self.log.info("cart item added", [.productID(productID), .quantity(quantity)])
        return await self.view(cart, knowing: found.products, asked: asked, deadline: deadline)
    }

    /// Sets the quantity of a line; 0 takes it out.
    /// - Throws: `Problem` 404 when the product is not in the cart.
    func set(_ quantity: Int, of productID: String, in userID: String, deadline: Deadline) async throws -> CartView {
        let cart = try await self.change(userID) { cart throws(CartError) in try cart.set(quantity, of: productID) }
        return await self.view(cart, deadline: deadline)
    }

    func clear(_ userID: String) async throws {
        _ = try await self.change(userID) { cart throws(CartError) in cart.clear() }
    }

    /// Takes out what was in the cart at `version`, and says whether lines put in or changed since stay.
    func clear(_ userID: String, through version: Int) async throws -> Bool {
        let cart = try await self.change(userID) { cart throws(CartError) in cart.clear(through: version) }
        return !cart.lines.isEmpty
    }

    /// What is in the cart; the catalogue is not asked.
    func lines(_ userID: String) async throws -> Cart { try await self.carts.cart(of: userID) }

    // MARK: Steps

    private func likelyProducts(_ userID: String) async throws -> [String] {
        if let known = self.recent.productIDs(of: userID) { return known }
        return try await self.carts.cart(of: userID).lines.map(\.productID)
    }

    private func change(
        _ userID: String, failure: (any Error)? = nil,
        _ body: @escaping @Sendable (inout Cart) throws(CartError) -> Void
    ) async throws -> Cart {
        do {
            let cart = try await self.carts.change(userID, now: self.now(), body)
            self.recent.note(cart)
            return cart
        } catch let error as CartError {
            throw error.problem(becauseOf: failure)
        }
    }

    private func view(_ cart: Cart, deadline: Deadline) async -> CartView {
        await self.view(cart, knowing: [], asked: [], deadline: deadline)
    }

    /// Looks up what has not been asked for yet.
    private func view(
        _ cart: Cart, knowing known: [CatalogueProduct]?, asked: [String], deadline: Deadline
    ) async -> CartView {
        guard let known else { return CartView(cart, products: nil) }
        let missing = cart.lines.lazy.map(\.productID).filter { !asked.contains($0) }
        let found = await self.lookUp(Array(missing), deadline: deadline)
        return CartView(cart, products: found.products.map { $0 + known })
    }

    /// Products, or why they cannot be had.
    private func lookUp(
        _ ids: [String], deadline: Deadline
    ) async -> (products: [CatalogueProduct]?, failure: (any Error)?) {
        guard !ids.isEmpty else { return ([], nil) }
        do {
            return (try await self.catalogue.products(ids, deadline: deadline), nil)
        } catch {
            self.instruments.degraded.add()
            self.log.warning("products cannot be looked up", [.cause(error)])
            return (nil, error)
        }
    }
}

extension CartError {
    /// - Parameter failure: why the product could not be looked up.
    fileprivate func problem(becauseOf failure: (any Error)?) -> Problem {
        switch self {
        case .notInCart: .notFound("The product is not in the cart.")
        case .unverified:
            (failure as? any ProblemConvertible)?.problem
                ?? .unavailable("The product cannot be looked up now.", code: "upstream-unavailable")
        case .tooManyOfOne(let present):
            .unprocessable([
                FieldError(
                    "quantity",
                    present == 0
                        ? "must be from 1 to \(Cart.quantityMax)"
                        : "must leave at most \(Cart.quantityMax) in the cart, where \(present) are already")
            ])
        case .full: .conflict("cart-full", "A cart takes \(Cart.linesMax) different products.")
        }
    }
}
