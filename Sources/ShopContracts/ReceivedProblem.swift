public import HTTPCore
import JSON
public import Routing

/// Problem details (RFC 9457) that another service answered with.
public struct ReceivedProblem: Sendable {
    public let status: HTTPStatus
    /// The kind, such as `out-of-stock`; empty when the status says it all.
    public let code: String
    public let detail: String
    public let errors: [FieldError]
    /// Whole seconds of `retry-after`, when there is one.
    public let retryAfterSeconds: Int?

    /// The most bytes of a problem that are read.
    public static let bytesMax = 64 << 10

    /// Reads an answer that is no success. One without a readable problem keeps its status and no more.
    public init(_ response: HTTPResponse) async {
        self.status = response.status
        self.retryAfterSeconds = response.fields[.retryAfter].flatMap { Int($0) }
        // The status alone decides enough; a body that cannot be read only leaves the details out.
        let bytes = try? await response.body.collect(upTo: Self.bytesMax)
        let object = bytes.flatMap { try? JSONObject.parse($0) } ?? JSONObject()
        let type = Self.text(object["type"])
        self.code = type.hasPrefix("/problems/") ? String(type.dropFirst("/problems/".utf8.count)) : ""
        self.detail = Self.text(object["detail"])
        self.errors = Self.errors(object["errors"])
    }

    private static func text(_ value: JSONValue?) -> String {
        guard case .string(let text) = value else { return "" }
        return text
    }

    private static func errors(_ value: JSONValue?) -> [FieldError] {
        guard case .array(let elements) = value else { return [] }
        return elements.compactMap { element in
            guard case .object(let object) = element else { return nil }
            return FieldError(Self.text(object["field"]), Self.text(object["message"]))
        }
    }
}
