import Protobuf
import ShopContracts

extension ProductV1.Product {
    init(_ product: ProductDetails) {
        let offer = product.offer
        self.init(
            id: offer.id, name: offer.name, description: product.description,
            price: CommonV1.Money(minorUnits: Int64(offer.priceMinorUnits), currency: offer.currency),
            category: product.category, imageURL: product.imageURL ?? "",
            availableQuantity: Int64(offer.availableQuantity),
            createdAt: GoogleProtobuf.Timestamp(microseconds: product.createdAt),
            updatedAt: GoogleProtobuf.Timestamp(microseconds: product.updatedAt))
    }
}

extension ProductV1.ProductSummary {
    init(_ offer: ProductOffer) {
        self.init(
            id: offer.id, name: offer.name,
            price: CommonV1.Money(minorUnits: Int64(offer.priceMinorUnits), currency: offer.currency),
            availableQuantity: Int64(offer.availableQuantity))
    }
}

extension ProductV1.Reservation {
    init(_ reservation: Reservation) {
        self.init(
            orderID: reservation.orderID, status: ProductV1.ReservationStatus(reservation.status),
            expiresAt: reservation.expiresAt.map(GoogleProtobuf.Timestamp.init(microseconds:)),
            items: reservation.items.map(ProductV1.ReservedItem.init))
    }
}

extension ProductV1.ReservationStatus {
    fileprivate init(_ status: Reservation.Status) {
        self =
            switch status {
            case .held: .held
            case .confirmed: .confirmed
            case .released: .released
            }
    }
}

extension ProductV1.ReservedItem {
    fileprivate init(_ item: ReservedItem) {
        self.init(
            productID: item.productID, name: item.name, quantity: Int64(item.quantity),
            price: CommonV1.Money(minorUnits: Int64(item.priceMinorUnits), currency: item.currency))
    }
}
