import HTTPCore

extension HTTPResponse {
    /// JSON that is already rendered, with its `ETag`.
    ///
    /// `no-cache` lets a cache keep the answer but makes it ask each time, which costs little: a version that has not
    /// changed is answered with 304.
    static func document(
        _ document: RenderedDocument, status: HTTPStatus = .ok, location: String? = nil
    ) -> HTTPResponse {
        var fields = HTTPFields()
        fields.reserve(fields: 6, bytes: 256)
        fields.append(.contentType, literal: "application/json")
        fields.append(.eTag, document.tag.text)
        fields.append(.cacheControl, literal: "no-cache")
        if let location { fields.append(.location, location) }
        return HTTPResponse(status, fields: fields, body: .bytes(document.bytes))
    }

    /// The document, or 304 when the caller has it already.
    static func conditional(_ answer: ConditionalDocument) -> HTTPResponse {
        switch answer {
        case .document(let document): return .document(document)
        case .notModified(let tag):
            var fields = HTTPFields()
            fields.append(.eTag, tag.text)
            fields.append(.cacheControl, literal: "no-cache")
            return HTTPResponse(.notModified, fields: fields)
        }
    }

    /// JSON that is already rendered and has no version.
    static func rendered(_ bytes: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.contentType, literal: "application/json")
        return HTTPResponse(status, fields: fields, body: .bytes(bytes))
    }
}
