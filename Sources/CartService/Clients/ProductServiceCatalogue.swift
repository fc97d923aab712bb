import HTTPCore
import RPC
import ServiceKit
import ShopContracts

/// The catalogue as the product service has it.
struct ProductServiceCatalogue: ProductCatalogue {
    let client: ProductV1.ProductServiceClient

    /// Asks in groups of what one batch takes: a full cart and one product more are two.
    func products(_ ids: [String], deadline: Deadline) async throws -> [CatalogueProduct] {
        var found: [CatalogueProduct] = []
        found.reserveCapacity(ids.count)
        var start = 0
        while start < ids.count {
            let group = ids[start..<min(start + ContractLimits.batchMax, ids.count)]
            found += try await self.group(Array(group), deadline)
            start = group.endIndex
        }
        return found
    }

    private func group(_ ids: [String], _ deadline: Deadline) async throws -> [CatalogueProduct] {
        do throws(RPCError) {
            let answer = try await self.client.batchGetProducts(
                ProductV1.BatchGetProductsRequest(productIDs: ids), RPCCallOptions(deadline: deadline))
            return answer.products.map(CatalogueProduct.init)
        } catch {
            throw UpstreamStatus(error, from: .product)
        }
    }
}

extension CatalogueProduct {
    fileprivate init(_ product: ProductV1.ProductSummary) {
        self.init(
            id: product.id, name: product.name, priceMinorUnits: Int(product.price?.minorUnits ?? 0),
            currency: product.price?.currency ?? "", availableQuantity: Int(product.availableQuantity))
    }
}
