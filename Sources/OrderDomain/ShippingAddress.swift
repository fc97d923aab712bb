/// Where an order goes. Personal: it belongs into no log, span or metric.
public enum ShippingAddress: Hashable, Sendable {
    /// As one text, of at most 500 characters.
    case text(String)
    case postal(PostalAddress)
}

/// An address in its parts; what is nil was not given.
public struct PostalAddress: Hashable, Sendable {
    public var name: String?
    public var line1: String
    public var line2: String?
    public var city: String
    public var region: String?
    public var postalCode: String?
    public var country: String?

    public init(
        name: String? = nil, line1: String, line2: String? = nil, city: String, region: String? = nil,
        postalCode: String? = nil, country: String? = nil
    ) {
        self.name = name
        self.line1 = line1
        self.line2 = line2
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
    }
}
