/// Why the product service refuses, as the `reason` of `google.rpc.ErrorInfo` says it.
public enum ProductErrorReason: String, Sendable, Hashable, CaseIterable {
    /// Lines want more than there is; `google.rpc.BadRequest` names them.
    case outOfStock = "OUT_OF_STOCK"
    /// Lines name products that do not exist; `google.rpc.BadRequest` names them.
    case unknownProduct = "UNKNOWN_PRODUCT"
    /// The order has reserved other lines.
    case reservationMismatch = "RESERVATION_MISMATCH"
    /// The order's reservation was given back.
    case reservationReleased = "RESERVATION_RELEASED"
    /// The order has no reservation.
    case reservationUnknown = "RESERVATION_UNKNOWN"

    /// The `domain` in which the reasons are defined.
    public static let domain = "product.vitrine"
}
