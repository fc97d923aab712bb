/// A value bound to a parameter, in one of SQLite's five storage classes.
public enum SQLiteValue: Sendable, Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// `.null` when `value` is nil, else its text.
    public static func optional(_ value: String?) -> SQLiteValue { value.map(SQLiteValue.text) ?? .null }

    /// `.null` when `value` is nil, else its integer.
    public static func optional(_ value: Int?) -> SQLiteValue { value.map(SQLiteValue.integer) ?? .null }

    /// `.null` when `value` is nil, else its real number.
    public static func optional(_ value: Double?) -> SQLiteValue { value.map(SQLiteValue.real) ?? .null }

    /// `.null` when `value` is nil, else its bytes.
    public static func optional(_ value: [UInt8]?) -> SQLiteValue { value.map(SQLiteValue.blob) ?? .null }

    /// SQLite has no boolean: 1 or 0.
    public static func bool(_ value: Bool) -> SQLiteValue { .integer(value ? 1 : 0) }
}

extension SQLiteValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
}
