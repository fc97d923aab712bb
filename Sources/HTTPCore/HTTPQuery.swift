/// The pairs of a query string as forms write them: `name=value`, `&` between pairs, `+` for a space.
///
/// Pairs are decoded when asked for. Empty pairs, as between `&&`, are passed over.
public struct HTTPQuery: Sequence, Sendable {
    /// One pair, undecoded.
    public struct Pair: Sendable, Hashable {
        public let rawName: Substring
        /// Nil without `=`.
        public let rawValue: Substring?

        /// Nil when an escape is malformed or the outcome is not UTF-8.
        public var name: String? { PercentEncoding.decode(self.rawName, plusIsSpace: true) }
        /// Empty without `=`; nil when an escape is malformed or the outcome is not UTF-8.
        public var value: String? { PercentEncoding.decode(self.rawValue ?? "", plusIsSpace: true) }
    }

    public struct Iterator: IteratorProtocol {
        private var rest: Substring

        init(_ query: String) {
            self.rest = query[...]
        }

        public mutating func next() -> Pair? {
            while !self.rest.isEmpty {
                let bytes = self.rest.utf8
                let end = bytes.firstIndex(of: 0x26) ?? bytes.endIndex
                let pair = self.rest[..<end]
                self.rest = end == bytes.endIndex ? "" : self.rest[bytes.index(after: end)...]
                if !pair.isEmpty { return Self.split(pair) }
            }
            return nil
        }

        private static func split(_ pair: Substring) -> Pair {
            guard let equals = pair.utf8.firstIndex(of: 0x3D) else { return Pair(rawName: pair, rawValue: nil) }
            return Pair(rawName: pair[..<equals], rawValue: pair[pair.utf8.index(after: equals)...])
        }
    }

    private let query: String

    /// - Parameter query: what follows `?`, undecoded; nil is as good as empty.
    public init(_ query: String?) {
        self.query = query ?? ""
    }

    public func makeIterator() -> Iterator { Iterator(self.query) }

    /// The decoded value of the first pair whose decoded name is `name`; nil when there is none or it cannot be decoded.
    public func first(_ name: String) -> String? {
        self.first { $0.name == name }?.value
    }
}
