import JSON

/// JSON as Grafana writes its dashboards to files: indented by two spaces, members in the order they are given.
indirect enum GrafanaValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([GrafanaValue])
    case object([Member])

    struct Member: Sendable, Hashable {
        let key: String
        let value: GrafanaValue
    }

    /// A document that ends with a line feed.
    var document: String {
        var text = ""
        self.write(to: &text, indent: 0)
        return text + "\n"
    }

    /// On one line, for values that stand inside strings.
    var compact: String {
        switch self {
        case .list(let items): "[\(items.map(\.compact).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\(Self.quoted($0.key)):\($0.value.compact)" }.joined(separator: ","))}"
        default: self.scalar
        }
    }

    /// The members of both; what the other has wins.
    func merging(_ other: GrafanaValue) -> GrafanaValue {
        guard case .object(let mine) = self, case .object(let theirs) = other else { return other }
        let names = Set(theirs.map(\.key))
        return .object(mine.filter { !names.contains($0.key) } + theirs)
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .list(let items) where !items.isEmpty:
            Self.write(items, "[", "]", to: &text, indent: indent) { $0.write(to: &$1, indent: indent + 2) }
        case .object(let members) where !members.isEmpty:
            Self.write(members, "{", "}", to: &text, indent: indent) {
                $1 += "\(Self.quoted($0.key)): "
                $0.value.write(to: &$1, indent: indent + 2)
            }
        default: text += self.scalar
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: Int,
        _ item: (Item, inout String) -> Void
    ) {
        text += open
        for (index, each) in items.enumerated() {
            text += index == 0 ? "\n" : ",\n"
            text += String(repeating: " ", count: indent + 2)
            item(each, &text)
        }
        text += "\n\(String(repeating: " ", count: indent))\(close)"
    }

    private var scalar: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): Self.written { $0.value(number) }
        case .string(let string): Self.quoted(string)
        case .list: "[]"
        case .object: "{}"
        }
    }

    private static func quoted(_ text: String) -> String { Self.written { $0.value(text) } }

    private static func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension GrafanaValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self = .string(value) }
}

extension GrafanaValue: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int) { self = .int(value) }
}

extension GrafanaValue: ExpressibleByFloatLiteral {
    init(floatLiteral value: Double) { self = .double(value) }
}

extension GrafanaValue: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension GrafanaValue: ExpressibleByNilLiteral {
    init(nilLiteral: ()) { self = .null }
}

extension GrafanaValue: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: GrafanaValue...) { self = .list(elements) }
}

extension GrafanaValue: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, GrafanaValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
