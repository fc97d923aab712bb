/// The vendors' own part of a trace context: an ordered list of key and value pairs, the latest writer first.
///
/// Source: W3C Trace Context, section 3.3. At most 32 members; a list that breaks the grammar is dropped whole, the
/// trace itself goes on.
public struct TraceState: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let key: String
        public let value: String
    }

    /// Most requests carry none, so the empty state is one null word rather than an array.
    let storage: Storage?

    /// No members.
    public static let empty = TraceState(members: [])
    /// Section 3.3.1.1: 32 list members at most.
    public static let membersMax = 32

    /// One list and its rendered header, made once and shared by every span of the trace.
    final class Storage: Sendable, Hashable {
        let members: [Member]
        let header: String

        init(_ members: [Member]) {
            self.members = members
            self.header = members.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        }

        static func == (left: Storage, right: Storage) -> Bool { left.header == right.header }
        func hash(into hasher: inout Hasher) { hasher.combine(self.header) }
    }

    init(members: [Member]) {
        self.storage = members.isEmpty ? nil : Storage(members)
    }

    public var isEmpty: Bool { self.storage == nil }
    public var members: [Member] { self.storage?.members ?? [] }
    /// The value of the `tracestate` header, empty without members.
    public var header: String { self.storage?.header ?? "" }

    public subscript(_ key: String) -> String? { self.members.first { $0.key == key }?.value }

    /// The state with this member moved or added to the front; unchanged if key or value break the grammar.
    ///
    /// The last member falls off when there would be more than 32.
    public func setting(_ key: String, _ value: String) -> TraceState {
        guard TraceStateGrammar.isKey(key), TraceStateGrammar.isValue(value) else { return self }
        var members = self.members.filter { $0.key != key }
        members.insert(Member(key: key, value: value), at: 0)
        if members.count > Self.membersMax { members.removeLast() }
        return TraceState(members: members)
    }
}
