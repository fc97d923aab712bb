import JSON

/// A member of an answer that is missing or of another type than the contract says.
struct PayloadError: Error, Sendable, Hashable {
    let field: String
}

/// Reads members that the contract promises.
extension JSONObject {
    func text(_ name: String) throws(PayloadError) -> String {
        guard case .string(let text) = self[name] else { throw PayloadError(field: name) }
        return text
    }

    /// Nil when the member is null or left out.
    func optionalText(_ name: String) throws(PayloadError) -> String? {
        switch self[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw PayloadError(field: name)
        }
    }

    func integer(_ name: String) throws(PayloadError) -> Int {
        guard case .number(let number) = self[name], let integer = number.int else { throw PayloadError(field: name) }
        return integer
    }

    func objects<T>(
        _ name: String, _ read: (JSONObject) throws(PayloadError) -> T
    ) throws(PayloadError) -> [T] {
        guard case .array(let elements) = self[name] else { throw PayloadError(field: name) }
        var values: [T] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard case .object(let object) = element else { throw PayloadError(field: name) }
            values.append(try read(object))
        }
        return values
    }

    /// The object that `bytes` hold.
    static func parse(_ bytes: [UInt8]) throws(PayloadError) -> JSONObject {
        guard case .object(let object)? = try? JSONValue(parsing: bytes) else { throw PayloadError(field: "") }
        return object
    }
}
