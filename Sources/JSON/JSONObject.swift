/// The members of a JSON object, in the order they came in, each name once.
///
/// Names are compared byte by byte. Swift's own comparison of strings would take canonically equivalent names for the
/// same one (the Kelvin sign for a `K`), and JSON does not.
public struct JSONObject: Sendable {
    /// A name and its value.
    public struct Member: Sendable {
        public let key: String
        public let value: JSONValue
    }

    /// All members, in document order.
    public private(set) var members: [Member] = []

    /// Where each name is, kept once there are enough of them that a walk would cost more.
    private var positions: [ExactKey: Int]?

    /// From how many members on `positions` is kept.
    private static let walkedMax = 12

    /// An object without members.
    public init() {}

    /// How many members there are.
    public var count: Int { self.members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { self.members.isEmpty }

    /// The names, in document order.
    public var keys: [String] { self.members.map(\.key) }

    /// The value of `key`; `nil` when there is no such member. A member that is `null` is found, as `.null`.
    public subscript(_ key: String) -> JSONValue? {
        self.position(of: key).map { self.members[$0].value }
    }

    /// Adds a member at the end; `false`, and nothing is changed, when there is one of this name.
    @discardableResult
    public mutating func append(_ key: String, _ value: JSONValue) -> Bool {
        guard self.position(of: key) == nil else { return false }
        self.members.append(Member(key: key, value: value))
        if self.positions != nil {
            self.positions?[ExactKey(text: key)] = self.members.count - 1
        } else if self.members.count > JSONObject.walkedMax {
            self.index()
        }
        return true
    }

    private mutating func index() {
        var positions: [ExactKey: Int] = [:]
        for (position, member) in self.members.enumerated() { positions[ExactKey(text: member.key)] = position }
        self.positions = positions
    }

    private func position(of key: String) -> Int? {
        if let positions = self.positions { return positions[ExactKey(text: key)] }
        return self.members.firstIndex { ExactKey.areEqual($0.key, key) }
    }
}

/// Two objects are equal when they have the same members, in whatever order (RFC 8259 §4: order carries no meaning).
extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        // Addition does not depend on the order.
        var sum = 0
        for member in self.members {
            var one = Hasher()
            one.combine(ExactKey(text: member.key))
            one.combine(member.value)
            sum &+= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of these members. Of a name given twice the first counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        for (key, value) in members { self.append(key, value) }
    }
}

/// A string that is equal only to itself byte for byte. Hashing is seeded per process, so chosen names cannot collide.
private struct ExactKey: Hashable {
    let text: String

    static func == (left: ExactKey, right: ExactKey) -> Bool { self.areEqual(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
        self.text.borrowUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }

    @inline(__always)
    static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }
}
