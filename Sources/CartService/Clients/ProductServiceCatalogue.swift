import HTTPCore
import ShopContracts

/// The catalogue as the product service has it.
struct ProductServiceCatalogue: ProductCatalogue {
    let client: ProductClient

    func products(_ ids: [String], deadline: Deadline) async throws -> [CatalogueProduct] {
        try await self.client.batch(ids, deadline: deadline).map { product in
            CatalogueProduct(
                id: product.id, name: product.name, priceMinorUnits: product.priceMinorUnits,
                currency: product.currency, availableQuantity: product.availableQuantity)
        }
    }
}
