import HTTPCore
import JSON
import OrderDomain
import Routing

extension PlaceOrderCommand {
    /// The most bytes of a request: 100 lines and an address fit many times over.
    static let bodyBytesMax = 64 << 10

    /// Reads `POST /api/v1/orders`.
    /// - Throws: `Problem` 400 or 422 for what cannot be read or accepted, 403 for somebody else's `user_id`.
    init(_ request: HTTPRequest, _ context: RequestContext) async throws {
        let customer = try context.requireIdentity()
        let keyText = try Self.keyText(request.fields)
        var payload = try await request.payload(context)
        let userID = payload.optionalID("user_id")
        let method = payload.choice("payment_method", of: PaymentMethod.self) ?? .creditCard
        let address = ShippingAddress(reading: &payload)
        let given = payload.optionalObjects("items", count: 1...RequestedLines.countMax) { item in
            RequestedLine(
                productID: item.id("product_id"), quantity: item.integer("quantity", in: 1...RequestedLines.quantityMax)
            )
        }
        try payload.validate()
        if let userID, userID != customer.userID {
            throw Problem.forbidden("An order is placed for oneself only; user_id names another user.")
        }
        let lines = try given.map(Self.merge)
        self.init(
            userID: customer.userID, lines: lines, paymentMethod: method, shippingAddress: address,
            key: keyText.map {
                IdempotencyKey(
                    userID: customer.userID, text: $0, request: Self.canonical(lines, method, address))
            })
    }

    private static func keyText(_ fields: HTTPFields) throws -> String? {
        let values = fields.values(of: .idempotencyKey)
        guard let text = values.first else { return nil }
        guard values.count == 1, (1...IdempotencyKey.bytesMax).contains(text.utf8.count) else {
            throw Problem.badRequest("Idempotency-Key must be given once, with 1 to \(IdempotencyKey.bytesMax) bytes.")
        }
        return text
    }

    private static func merge(_ given: [RequestedLine]) throws -> RequestedLines {
        do throws(RequestedLinesError) {
            return try RequestedLines(merging: given)
        } catch {
            switch error {
            case .quantityOutOfRange(let index):
                throw Problem.unprocessable([
                    FieldError(
                        "items[\(index)].quantity",
                        "must add up to at most \(RequestedLines.quantityMax) of one product")
                ])
            case .empty, .tooMany:
                throw Problem.unprocessable([
                    FieldError("items", "must have from 1 to \(RequestedLines.countMax) different products")
                ])
            }
        }
    }

    /// The same text for requests that mean the same.
    private static func canonical(_ lines: RequestedLines?, _ method: PaymentMethod, _ address: ShippingAddress?)
        -> String
    {
        var writer = JSONWriter(capacity: 256)
        writer.beginArray()
        writer.value(method.rawValue)
        if let address { address.write(to: &writer) } else { writer.null() }
        for line in lines?.lines ?? [] {
            writer.value(line.productID)
            writer.value(line.quantity)
        }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension ShippingAddress {
    private static let textMax = 500
    private static let partMax = 200

    /// `shipping_address` as a text or as an object; nil when it is absent.
    fileprivate init?(reading payload: inout PayloadReader) {
        var probe = payload
        if payload.has("shipping_address"), probe.rawString("shipping_address") == nil {
            guard let address = payload.optionalObject("shipping_address", PostalAddress.init(reading:)) else {
                return nil
            }
            self = .postal(address)
        } else {
            guard let text = payload.optionalString("shipping_address", length: 1...Self.textMax) else { return nil }
            self = .text(text)
        }
    }
}

extension PostalAddress {
    fileprivate init(reading address: inout PayloadReader) {
        let part = 1...200
        self.init(
            name: address.optionalString("name", length: part), line1: address.string("line1", length: part),
            line2: address.optionalString("line2", length: part), city: address.string("city", length: part),
            region: address.optionalString("region", length: part),
            postalCode: address.optionalString("postal_code", length: 1...20),
            country: address.optionalString("country", length: 2...100))
    }
}
