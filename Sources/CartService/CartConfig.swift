import ServiceKit

/// The settings of the cart service.
struct CartConfig: Sendable {
    /// `VITRINE_CART_LIFETIME`: how long a cart nobody touches is kept, 1 h to 365 d, default 30 d.
    var lifetime = Duration.seconds(30 * 86_400)

    init() {}

    /// Reads the settings; wrong ones are recorded in `reader`.
    init(_ reader: ConfigReader) {
        self.lifetime = reader.duration(
            "VITRINE_CART_LIFETIME", default: self.lifetime, in: .seconds(3_600) ... .seconds(365 * 86_400))
    }
}
