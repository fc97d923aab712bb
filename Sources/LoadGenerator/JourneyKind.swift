public import Telemetry

/// What a customer comes for.
public enum JourneyKind: String, MetricLabel, Sendable, Hashable, CaseIterable {
    /// Looks at the shelves, a category and one to three products.
    case browse
    /// Searches, and looks at one product.
    case search
    /// Puts a product into the cart, looks at the cart and takes it out again.
    case cart
    /// Puts one unit of a product, sometimes of two, into the cart and orders.
    case checkout
    /// Looks at past orders, and at the newest.
    case orders

    public static var labelName: String { "journey" }
}

/// How often each journey is taken, in proportion to the sum of all.
public struct JourneyWeights: Sendable, Hashable {
    private var weights: [JourneyKind: Int]

    /// Browse 60, search 15, cart 10, checkout 10, orders 5.
    public static let usual = JourneyWeights(unchecked: [
        .browse: 60, .search: 15, .cart: 10, .checkout: 10, .orders: 5,
    ])

    private init(unchecked weights: [JourneyKind: Int]) { self.weights = weights }

    /// A journey that is not named is not taken.
    /// - Throws: when a weight is not from 0 to 1,000,000, or all are 0.
    public init(_ weights: [JourneyKind: Int]) throws(LoadPlanError) {
        guard weights.values.allSatisfy({ (0...1_000_000).contains($0) }) else {
            throw LoadPlanError("a journey's weight is a whole number from 0 to 1000000")
        }
        guard weights.values.contains(where: { $0 > 0 }) else { throw LoadPlanError("no journey has a weight") }
        self.weights = weights
    }

    /// Reads `browse=60,search=15`.
    public init(_ text: String) throws(LoadPlanError) {
        var weights: [JourneyKind: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, let weight = Int(pair[1]) else {
                throw LoadPlanError("a journey's weight is written name=number, such as browse=60, and not '\(part)'")
            }
            let kind = try Self.kind(pair[0])
            guard weights.updateValue(weight, forKey: kind) == nil else {
                throw LoadPlanError("the journey '\(pair[0])' is given twice")
            }
        }
        try self.init(weights)
    }

    static func kind(_ name: String) throws(LoadPlanError) -> JourneyKind {
        guard let kind = JourneyKind(rawValue: name) else {
            let names = JourneyKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw LoadPlanError("there is no journey '\(name)'; there are \(names)")
        }
        return kind
    }

    public subscript(_ kind: JourneyKind) -> Int { self.weights[kind] ?? 0 }

    func choose(_ random: inout SeededGenerator) -> JourneyKind {
        let total = JourneyKind.allCases.reduce(0) { $0 + self[$1] }
        var wanted = random.index(below: total)
        for kind in JourneyKind.allCases {
            wanted -= self[kind]
            if wanted < 0 { return kind }
        }
        return .browse
    }
}
