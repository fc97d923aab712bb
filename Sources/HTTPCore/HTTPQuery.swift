/// The pairs of a query string as forms write them: `name=value`, `&` between pairs, `+` for a space.
///
/// Pairs are decoded when asked for. Empty pairs, as between `&&`, are passed over.
public struct HTTPQuery: Sequence, Sendable {
    /// One pair, undecoded until asked.
    public struct Pair: Sendable {
        private let query: String
        private let nameRange: Range<Int>
        private let valueRange: Range<Int>?

        fileprivate init(_ query: String, name: Range<Int>, value: Range<Int>?) {
            self.query = query
            self.nameRange = name
            self.valueRange = value
        }

        /// As it stands in the query.
        public var rawName: Substring { self.text(self.nameRange) }
        /// As it stands in the query; nil without `=`.
        public var rawValue: Substring? { self.valueRange.map { self.text($0) } }
        /// Nil when an escape is malformed or the outcome is not UTF-8.
        public var name: String? { self.decode(self.nameRange) }
        /// Empty without `=`; nil when an escape is malformed or the outcome is not UTF-8.
        public var value: String? { self.valueRange.map { self.decode($0) } ?? "" }

        private func text(_ range: Range<Int>) -> Substring {
            let bytes = self.query.utf8
            let start = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
            return self.query[start..<bytes.index(start, offsetBy: range.count)]
        }

        private func decode(_ range: Range<Int>) -> String? {
            let decoded = self.query.utf8.withContiguousStorageIfAvailable { bytes in
                PercentEncoding.decode(UnsafeBufferPointer(rebasing: bytes[range]), plusIsSpace: true)
            }
            return decoded ?? nil
        }
    }

    public struct Iterator: IteratorProtocol {
        private let query: String
        private var offset = 0

        fileprivate init(_ query: String) {
            self.query = query
        }

        public mutating func next() -> Pair? {
            let found = self.query.utf8.withContiguousStorageIfAvailable { Self.nextPair(in: $0, from: self.offset) }
            guard let (name, value) = found ?? nil else { return nil }
            self.offset = (value ?? name).upperBound
            return Pair(self.query, name: name, value: value)
        }

        private static func nextPair(
            in bytes: UnsafeBufferPointer<UInt8>, from offset: Int
        ) -> (name: Range<Int>, value: Range<Int>?)? {
            var start = offset
            while start < bytes.count, bytes[start] == 0x26 { start += 1 }
            guard start < bytes.count else { return nil }
            var end = start
            var equals: Int?
            while end < bytes.count, bytes[end] != 0x26 {
                if bytes[end] == 0x3D, equals == nil { equals = end }
                end += 1
            }
            guard let equals else { return (start..<end, nil) }
            return (start..<equals, (equals + 1)..<end)
        }
    }

    private let query: String

    /// - Parameter query: what follows `?`, undecoded; nil is as good as empty.
    public init(_ query: String?) {
        var query = query ?? ""
        // Iterators and pairs read its bytes in place.
        query.makeContiguousUTF8()
        self.query = query
    }

    public func makeIterator() -> Iterator { Iterator(self.query) }

    /// The decoded value of the first pair whose decoded name is `name`; nil when there is none or it cannot be
    /// decoded.
    public func first(_ name: String) -> String? {
        self.first { $0.name == name }?.value
    }
}
