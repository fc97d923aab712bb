/// Name and value pairs that travel with a request through every service.
///
/// Source: W3C Baggage. At most 64 members and 8,192 bytes; what is beyond is not taken in.
public struct Baggage: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let key: String
        /// Percent-decoded.
        public let value: String
        /// Properties after the first semicolon, as they came; empty without.
        public let metadata: String
    }

    final class Storage: Sendable {
        let members: [Member]
        init(_ members: [Member]) { self.members = members }
    }

    /// Null for the empty baggage of most requests.
    let storage: Storage?

    public static let empty = Baggage(members: [])
    /// Members at most (W3C Baggage, section 3.3.2).
    public static let membersMax = 64
    /// Bytes of the header at most (W3C Baggage, section 3.3.2).
    public static let bytesMax = 8_192

    init(members: [Member]) {
        self.storage = members.isEmpty ? nil : Storage(members)
    }

    public var isEmpty: Bool { self.storage == nil }
    public var members: [Member] { self.storage?.members ?? [] }
    public subscript(_ key: String) -> String? { self.members.first { $0.key == key }?.value }

    /// The baggage with `key` set; unchanged if the key is no RFC 9110 token or the bounds would be passed.
    public func setting(_ key: String, _ value: String, metadata: String = "") -> Baggage {
        guard BaggageGrammar.isToken(key[...].utf8), BaggageGrammar.isMetadata(metadata) else { return self }
        var members = self.members.filter { $0.key != key }
        members.append(Member(key: key, value: value, metadata: metadata))
        let isWithin = members.count <= Self.membersMax && BaggageGrammar.isWhole(members)
        return isWithin ? Baggage(members: members) : self
    }

    /// The baggage without `key`.
    public func removing(_ key: String) -> Baggage { Baggage(members: self.members.filter { $0.key != key }) }

    /// The value of the `baggage` header, values percent-encoded; empty without members.
    public var header: String { BaggageGrammar.header(self.members) }

    public static func == (left: Baggage, right: Baggage) -> Bool { left.members == right.members }
    public func hash(into hasher: inout Hasher) { hasher.combine(self.members) }
}
