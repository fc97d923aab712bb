import HTTPCore

/// The parameters behind a path's `?`, read when asked for.
public struct QueryParameters: Sendable {
    /// As sent, percent-encoded, without the `?`; nil when there is none.
    public let raw: String?

    public init(_ raw: String?) { self.raw = raw }

    /// The first value of a name, decoded (`+` is a space); nil when it is absent.
    public subscript(_ name: String) -> String? {
        guard self.raw != nil else { return nil }
        return HTTPQuery(self.raw).first(name)
    }

    /// A whole number.
    /// - Throws: `Problem` 400 when it is none or out of range.
    public func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = self[name] else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw Self.problem(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// An amount of money in minor units, such as 1999 for `19.99`; nil when absent.
    /// - Throws: `Problem` 400 when it is no amount from 0.00 to 999999.99 with at most two decimals.
    public func minorUnits(_ name: String) throws -> Int? {
        guard let text = self[name] else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.utf8.count <= 6,
            text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }), let units = Int(whole)
        else { throw Self.problem(name, "must be an amount from 0 to 999999.99 with at most two decimals") }
        guard parts.count == 2 else { return units * 100 }
        guard (1...2).contains(parts[1].utf8.count), let cents = Int(parts[1]) else {
            throw Self.problem(name, "must be an amount from 0 to 999999.99 with at most two decimals")
        }
        return units * 100 + (parts[1].utf8.count == 1 ? cents * 10 : cents)
    }

    /// `true` or `false`, also `1` or `0`; nil when absent.
    /// - Throws: `Problem` 400 for anything else.
    public func bool(_ name: String) throws -> Bool? {
        switch self[name] {
        case nil: return nil
        case "true", "1": return true
        case "false", "0": return false
        default: throw Self.problem(name, "must be true or false")
        }
    }

    /// One of a closed set; nil when absent.
    /// - Throws: `Problem` 400 for a value outside the set.
    public func choice<C: CaseIterable & RawRepresentable<String>>(_ name: String, of type: C.Type) throws -> C? {
        guard let text = self[name] else { return nil }
        guard let value = C(rawValue: text) else {
            throw Self.problem(name, "must be one of \(C.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    /// Text of bounded length; nil when absent.
    /// - Throws: `Problem` 400 when it is longer than `bytesMax` bytes.
    public func text(_ name: String, bytesMax: Int) throws -> String? {
        guard let text = self[name] else { return nil }
        guard text.utf8.count <= bytesMax else { throw Self.problem(name, "must be at most \(bytesMax) bytes long") }
        return text
    }

    private static func problem(_ name: String, _ message: String) -> Problem {
        .badRequest("The query parameter \(name) \(message).", errors: [FieldError(name, message)])
    }
}
