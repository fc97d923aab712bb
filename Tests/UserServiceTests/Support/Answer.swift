import HTTPCore
import JSON
import Testing

/// An answer, read.
struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let text: String
    let json: JSONValue

    init(_ response: HTTPResponse) async {
        self.status = response.status.code
        self.fields = response.fields
        let bytes = (try? await response.body.collect(upTo: 1 << 20)) ?? []
        self.text = String(decoding: bytes, as: UTF8.self)
        self.json = (try? JSONValue(parsing: bytes)) ?? .null
    }

    subscript(_ name: String) -> JSONValue {
        guard case .object(let object) = self.json else { return .null }
        return object[name] ?? .null
    }

    func string(_ name: String) -> String { self[name].text ?? "" }

    /// The names of the fields at fault.
    var errorFields: [String] {
        guard case .array(let errors) = self["errors"] else { return [] }
        return errors.compactMap { $0.at("field").text }
    }
}

extension JSONValue {
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return number.int
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// A member; null when there is none.
    func at(_ name: String) -> JSONValue { self.object?[name] ?? .null }

    /// The names of an object's members.
    var keys: Set<String> { Set(self.object?.keys ?? []) }
}
