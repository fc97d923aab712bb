/// Why a JSON document is no request of OTLP, and where.
struct OTLPJSONError: Error, Sendable, Hashable {
    /// Such as `resourceSpans[0].scopeSpans[0].spans[3].kind`; empty for the document itself. Made of names that are known
    /// beforehand and of numbers, so that it repeats nothing of the document.
    private(set) var path = ""
    /// `must be …`
    let fault: String

    init(_ fault: String) { self.fault = fault }

    /// The same, seen from outside a member or an element.
    func inside(_ step: String) -> OTLPJSONError {
        var error = self
        let isJoined = self.path.isEmpty || self.path.hasPrefix("[")
        error.path = isJoined ? step + self.path : "\(step).\(self.path)"
        return error
    }
}

extension OTLPJSONError: CustomStringConvertible {
    var description: String { "\(self.path.isEmpty ? "the document" : self.path) \(self.fault)" }
}
