/// One method of a service, as its contract declares it.
public struct RPCMethod: Sendable, Hashable {
    /// Which side sends one message and which any number.
    public enum Kind: Sendable, Hashable {
        case unary
        case clientStreaming
        case serverStreaming
        case bidirectional
    }

    /// What becomes of a call that is made twice (`google.protobuf.MethodOptions.IdempotencyLevel`).
    public enum Idempotency: Sendable, Hashable {
        case unknown
        /// Reads only.
        case noSideEffects
        /// Twice has the effect of once.
        case idempotent
    }

    /// With its package: `vitrine.product.v1.ProductService`.
    public let service: String
    /// `GetProduct`
    public let name: String
    public let kind: Kind
    public let idempotency: Idempotency
    /// `vitrine.product.v1.ProductService/GetProduct`: the value of `rpc.method`, and the span's name.
    public let fullName: String
    /// `/vitrine.product.v1.ProductService/GetProduct`
    public let path: String

    public init(service: String, name: String, kind: Kind, idempotency: Idempotency = .unknown) {
        self.service = service
        self.name = name
        self.kind = kind
        self.idempotency = idempotency
        self.fullName = service + "/" + name
        self.path = "/" + self.fullName
    }

    /// Whether a call may be made again when it is not known what became of the first one.
    public var isRepeatable: Bool { self.idempotency != .unknown }

    public static func == (left: RPCMethod, right: RPCMethod) -> Bool { left.path == right.path }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.path) }
}

extension RPCMethod: CustomStringConvertible {
    public var description: String { self.fullName }
}
