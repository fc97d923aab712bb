import HTTPCore
import JSON
import Routing

extension QueryParameters {
    /// A text that is not empty; nil where nothing is said.
    /// - Throws: `Problem` 400 where it is too long.
    func words(_ name: String) throws -> String? {
        guard let text = self[name], !text.isEmpty else { return nil }
        guard text.utf8.count <= 4_096 else { throw Problem.badRequest("\(name) must be at most 4096 bytes long.") }
        return text
    }

    /// A number of milliseconds, as nanoseconds.
    func milliseconds(_ name: String) throws -> UInt64? {
        guard let text = try self.words(name) else { return nil }
        guard let number = Double(text), number >= 0, number < 1e13 else {
            throw Problem.badRequest("\(name) must be a number of milliseconds from 0 on; it is '\(text.prefix(40))'.")
        }
        return UInt64(number * 1e6)
    }

    /// `{"key":"value"}`.
    func tags(_ name: String) throws -> [(key: String, value: String)] {
        guard let text = try self.words(name) else { return [] }
        guard let members = (try? JSONValue(parsing: text))?.object?.members else {
            throw Problem.badRequest("\(name) must be a JSON object of texts, such as {\"http.route\":\"/cart\"}.")
        }
        return try members.map { member in
            switch member.value {
            case .string(let text): return (member.key, text)
            case .bool(let flag): return (member.key, flag ? "true" : "false")
            case .number(let number): return (member.key, ReceivedValue.double(number.double ?? 0).text)
            default: throw Problem.badRequest("\(name).\(member.key.prefix(80)) must be a text.")
            }
        }
    }

    /// `key=value`, as often as wanted.
    func pairs(_ name: String) throws -> [(key: String, value: String)] {
        try HTTPQuery(self.raw).compactMap { pair in pair.name == name ? pair.value ?? "" : nil }.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Problem.badRequest("\(name) must be like key=value; it is '\(text.prefix(80))'.")
            }
            return (String(parts[0]), String(parts[1]))
        }
    }
}
