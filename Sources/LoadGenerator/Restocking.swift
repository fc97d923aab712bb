import CSystem
import HTTPCore
import JSON
import NetworkIO

/// Has the shop's admin fill up what runs low, at most once in five seconds.
///
/// Works through the REST API like everything else: pages of the list, and an audited movement for each product that is
/// nearly gone.
struct Restocking: Sendable {
    /// Below this a product is filled up, by as much again.
    private static let stockMin = 50
    private static let delta = 500

    let restocker: LoadPlan.Restocker
    let run: Journey.Surroundings

    /// Until the pacer stops.
    func keep() async {
        var token = ""
        var tokenEnds: UInt64 = 0
        while await self.run.pacer.sleep(until: vitrine_monotonic_nanoseconds() &+ 5_000_000_000) {
            guard self.run.shelves.takeShortage() else { continue }
            if tokenEnds <= vitrine_monotonic_nanoseconds() {
                guard let session = await self.logIn() else { continue }
                token = session["access_token"]?.string ?? ""
                tokenEnds = Credentials.end(of: session)
            }
            await self.fillUp(token)
        }
    }

    private func logIn() async -> JSONValue? {
        let answer = await self.run.client.take(
            .logIn, .post, "/api/v1/auth/login",
            json: Credentials(email: self.restocker.email, password: self.restocker.password).json,
            due: vitrine_monotonic_nanoseconds(), needs: { $0["access_token"]?.string != nil }, readsContent: true)
        return answer.flatMap { $0.isGood ? $0.json : nil }
    }

    private func fillUp(_ token: String) async {
        for page in 1...(Catalogue.productsMax / 100) {
            let answer = await self.run.client.take(
                .listProducts, .get, "/api/v1/products?page=\(page)&limit=100", due: vitrine_monotonic_nanoseconds())
            guard let answer, answer.isGood, let items = answer.json?["items"]?.array, !items.isEmpty else { return }
            for item in items {
                guard let stock = item["stock_quantity"]?.int, stock < Self.stockMin,
                    let id = item["id"]?.string, Catalogue.isPlain(id)
                else { continue }
                if self.run.pacer.isStopped { return }
                var movement = JSONWriter()
                movement.beginObject()
                movement.field("delta", Self.delta)
                movement.field("reason", "delivery for the load generator")
                movement.endObject()
                _ = await self.run.client.take(
                    .restock, .post, "/api/v1/products/\(id)/stock", token: token, json: movement,
                    due: vitrine_monotonic_nanoseconds())
            }
        }
    }
}
