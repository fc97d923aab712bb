/// Whether a span is what a query looks for; the cheap questions first, and nothing made that is thrown away at once: a
/// query looks at every span that is held.
struct SpanMatcher {
    private let service: UInt32?
    private let operation: UInt32?
    private let tags: [Tag]
    private let text: ByteSearch?
    /// By number, whether a name has the text in it.
    private let namesWithText: [Bool]

    private struct Tag {
        /// Nil for a key that no span has.
        let key: UInt32?
        let value: [UInt8]
        let bits: UInt64
        /// By number, whether a resource has the pair.
        let resources: [Bool]
        let isErrorFlag: Bool
    }

    /// Nil where nothing can match: a name that nobody has ever had.
    init?(_ query: TraceQuery, _ tables: SharedTables) {
        func number(_ text: String?) -> UInt32?? {
            guard let text else { return .some(nil) }
            return tables.names.known(text).map { .some($0) }
        }
        guard let service = number(query.service), let operation = number(query.operation) else { return nil }
        self.service = service
        self.operation = operation
        self.tags = query.tags.map { tag in
            Tag(
                key: tables.keys.known(tag.key), value: Array(tag.value.utf8),
                bits: StoredSpan.bits(tag.key, tag.value),
                resources: tables.allResources.map { resource in
                    resource.attributes.contains { $0.key == tag.key && $0.value.text == tag.value }
                }, isErrorFlag: tag.key == "error" && tag.value == "true")
        }
        let text = query.text.flatMap { $0.isEmpty ? nil : ByteSearch(Array($0.utf8)) }
        self.text = text
        self.namesWithText = text.map { text in tables.names.all.map { text.isIn(Array($0.utf8)) } } ?? []
    }

    func matches(_ spans: [StoredSpan]) -> Bool {
        for index in spans.indices where self.matches(spans, index) { return true }
        return false
    }

    private func matches(_ spans: [StoredSpan], _ index: Int) -> Bool {
        if let service = self.service, spans[index].service != service { return false }
        if let operation = self.operation, spans[index].name != operation { return false }
        for tag in self.tags where !Self.bears(spans, index, tag) { return false }
        guard let text = self.text else { return true }
        return self.namesWithText[Int(spans[index].name)] || text.isIn(spans[index].payload)
    }

    private static func bears(_ spans: [StoredSpan], _ index: Int, _ tag: Tag) -> Bool {
        if tag.isErrorFlag, spans[index].isError { return true }
        let resource = Int(spans[index].resource)
        if resource < tag.resources.count, tag.resources[resource] { return true }
        guard let key = tag.key, spans[index].pairBits & tag.bits == tag.bits else { return false }
        return PayloadScanner.hasPair(spans[index].payload, key: key, value: tag.value)
    }
}

/// Looks for some bytes in others, by Horspool's method: what cannot end a match is jumped over.
struct ByteSearch: Sendable {
    private let wanted: [UInt8]
    private let jumps: [Int]

    init(_ wanted: [UInt8]) {
        var jumps = [Int](repeating: wanted.count, count: 256)
        for (place, byte) in wanted.dropLast().enumerated() { jumps[Int(byte)] = wanted.count - 1 - place }
        self.wanted = wanted
        self.jumps = jumps
    }

    func isIn(_ content: [UInt8]) -> Bool {
        let count = self.wanted.count
        guard count > 0, content.count >= count else { return count == 0 }
        return content.withUnsafeBufferPointer { content in
            self.wanted.withUnsafeBufferPointer { wanted in
                self.jumps.withUnsafeBufferPointer { jumps in
                    var end = count - 1
                    while end < content.count {
                        var back = 0
                        while back < count, content[end - back] == wanted[count - 1 - back] { back += 1 }
                        if back == count { return true }
                        end += jumps[Int(content[end])]
                    }
                    return false
                }
            }
        }
    }
}

/// Looks into a packed span without unpacking it.
enum PayloadScanner {
    /// Whether one of the attributes at the beginning is this pair.
    ///
    /// - Parameters:
    ///   - key: its number; a key that was kept in full is not looked for by number.
    ///   - value: as text.
    static func hasPair(_ payload: [UInt8], key: UInt32, value: [UInt8]) -> Bool {
        payload.withUnsafeBufferPointer { bytes in
            var position = 0
            func number() -> UInt64 {
                var number: UInt64 = 0
                var shift: UInt64 = 0
                while true {
                    let byte = bytes[position]
                    position += 1
                    number |= UInt64(byte & 0x7F) << shift
                    if byte < 0x80 { return number }
                    shift += 7
                }
            }
            for _ in 0..<Int(number()) {
                let keyNumber = number()
                if keyNumber == 0 { position += Int(number()) }
                let isWanted = keyNumber == UInt64(key) + 1
                let start = position
                let kind = number()
                switch kind {
                case 1:
                    let count = Int(number())
                    if isWanted, count == value.count,
                        bytes[position..<position + count].elementsEqual(value)
                    {
                        return true
                    }
                    position += count
                case 0, 2, 3: break
                case 4: _ = number()
                case 5: position += 8
                case 6: position += Int(number())
                default:
                    // A list or a map: seldom, so that it is read in full.
                    var reader = PayloadReader(payload, at: start)
                    let nested = reader.value()
                    if isWanted, Array(nested.text.utf8) == value { return true }
                    position = reader.position
                    continue
                }
                if isWanted, kind != 1 {
                    var reader = PayloadReader(payload, at: start)
                    if Array(reader.value().text.utf8) == value { return true }
                }
            }
            return false
        }
    }
}
