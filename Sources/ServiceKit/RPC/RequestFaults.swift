import Protobuf
public import RPC
import Routing

/// What is wrong with the fields of a gRPC request, gathered so that the caller is told all of it at once.
public struct RequestFaults: Sendable {
    private var violations: [GoogleRPC.BadRequest.FieldViolation] = []

    public init() {}

    public mutating func reject(_ field: String, _ description: String) {
        self.violations.append(.init(field: field, description: description))
    }

    /// A UUID in lower case; an empty text after a complaint.
    public mutating func id(_ field: String, _ text: String) -> String {
        if let id = canonicalUUID(text) { return id }
        self.reject(field, text.isEmpty ? "is required" : "must be a UUID")
        return ""
    }

    /// The number, after a complaint if it is out of range.
    public mutating func number(_ field: String, _ number: Int64, in range: ClosedRange<Int64>) -> Int {
        if !range.contains(number) {
            self.reject(field, "must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(clamping: number)
    }

    /// - Throws: `INVALID_ARGUMENT` that names every field, if there is one to name.
    public func validate() throws(RPCError) {
        guard !self.violations.isEmpty else { return }
        let text = self.violations.map { "\($0.field) \($0.description)" }.joined(separator: "; ")
        throw RPCError(.invalidArgument, text, details: [.badRequest(self.violations)])
    }
}
