import HTTPCore
import JSON
import Routing

/// The answer to the first request with an idempotency key, kept for those that repeat it.
struct StoredAnswer: Sendable, Hashable {
    /// 201, or a status from 400 on.
    let status: Int
    /// The order as JSON, or the parts of a problem.
    let body: [UInt8]

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// Keeps what makes the problem; trace id and path are those of the request that it will answer.
    init(_ problem: Problem) {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.field("type", problem.type)
        writer.field("title", problem.title)
        writer.field("detail", problem.detail)
        writer.key("errors")
        writer.beginArray()
        for error in problem.errors {
            writer.beginArray()
            writer.value(error.field)
            writer.value(error.message)
            writer.endArray()
        }
        writer.endArray()
        writer.endObject()
        self.init(status: problem.status.code, body: writer.bytes)
    }

    /// The problem that was kept; nil for a success.
    var problem: Problem? {
        guard self.status >= 400, let value = try? JSONValue(parsing: self.body) else { return nil }
        let errors = (value["errors"]?.array ?? []).compactMap { pair -> FieldError? in
            guard let parts = pair.array, parts.count == 2, let field = parts[0].string, let message = parts[1].string
            else { return nil }
            return FieldError(field, message)
        }
        var problem = Problem(
            HTTPStatus(self.status), title: value["title"]?.string, detail: value["detail"]?.string ?? "",
            errors: errors)
        problem.type = value["type"]?.string ?? problem.type
        return problem
    }
}
