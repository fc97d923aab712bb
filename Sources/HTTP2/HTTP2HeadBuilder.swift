import HTTPCore

/// Gathers the fields of one header or trailer list.
///
/// nghttp2 has seen to names in lower case, values without control characters, the order and presence of
/// pseudo-header fields, connection-specific fields, `te`, and the length of the content (RFC 9113, section 8.2 and
/// 8.3). Here is what it leaves open: what a target, an authority and a scheme may be, and how much there may be of it.
struct HTTP2HeadBuilder {
    private(set) var stream: Int32 = 0
    private var isTrailer = false
    private var method: HTTPMethod?
    private var scheme = "http"
    private var authority: String?
    private var path = ""
    private var query: String?
    private(set) var status = 0
    private var fields = HTTPFields()
    /// Cookies may come one in a field and are one value to everybody else (RFC 9113, section 8.2.3).
    private var cookies: [UInt8] = []
    private var bytes = 0
    private var count = 0
    private(set) var fault: HTTP1Error.Kind?
    private var targetBytes: [UInt8]?
    private(set) var length: Int?

    mutating func begin(_ stream: Int32, isTrailer: Bool) {
        self = HTTP2HeadBuilder()
        self.stream = stream
        self.isTrailer = isTrailer
        if !isTrailer { self.fields.reserve(fields: 8, bytes: 256) }
    }

    mutating func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, limits: HTTP2Configuration
    ) {
        self.bytes += name.count + value.count + 32
        self.count += 1
        if self.bytes > limits.headerListBytesMax { return self.fail(.headTooLarge) }
        if self.count > limits.fieldsMax { return self.fail(.tooManyFields) }
        guard !name.isEmpty else { return self.fail(.emptyFieldName) }
        if unsafe name[0] == 0x3A { return unsafe self.addPseudo(name, value) }
        if name.count == 6, unsafe name.elementsEqual("cookie".utf8) {
            if !self.cookies.isEmpty { self.cookies += [0x3B, 0x20] }
            return unsafe self.cookies.append(contentsOf: value)
        }
        unsafe self.fields.append(nameBytes: name, valueBytes: value)
    }

    mutating func fail(_ kind: HTTP1Error.Kind) {
        if self.fault == nil { self.fault = kind }
    }

    private mutating func addPseudo(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        // `:method`, `:scheme`, `:authority`, `:path`, `:status`: the length and one letter tell them apart.
        switch unsafe (name.count, name[1]) {
        case (7, 0x6D):
            self.method = unsafe HTTPMethod(String(decoding: value, as: UTF8.self))
        case (7, 0x73) where unsafe name[2] == 0x63:
            switch unsafe String(decoding: value, as: UTF8.self) {
            case "http": self.scheme = "http"
            case "https": self.scheme = "https"
            default: self.fail(.unsupportedScheme)
            }
        case (7, 0x73):
            self.status = unsafe value.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        case (10, 0x61):
            guard unsafe isValidHTTPAuthority(value) else { return self.fail(.invalidHost) }
            self.authority = unsafe String(decoding: value, as: UTF8.self)
        case (5, 0x70):
            self.targetBytes = unsafe Array(value)
        default:
            self.fail(.invalidFieldName)
        }
    }

    // MARK: Results

    private mutating func finishFields() -> HTTPFields {
        if !self.cookies.isEmpty {
            unsafe self.cookies.withUnsafeBufferPointer { unsafe self.fields.append(.cookie, utf8: $0) }
        }
        if let text = self.fields[.contentLength] { self.length = Int(text) }
        return self.fields
    }

    /// The request, or the rule it breaks.
    mutating func makeRequest(limits: HTTP2Configuration) -> Result<HTTPRequest, HTTP1Error> {
        if let fault = self.fault { return .failure(HTTP1Error(fault)) }
        var fields = self.finishFields()
        guard let method = self.method, method != .connect else {
            return .failure(HTTP1Error(.connectNotSupported))
        }
        do throws(HTTP1Error) {
            let (path, query) = try splitOriginForm(self.targetBytes ?? [], method: method)
            let authority = try self.agreedAuthority(&fields)
            return .success(
                HTTPRequest(
                    method: method, scheme: self.scheme, authority: authority, path: path, query: query,
                    version: .http2, fields: fields, body: .empty))
        } catch {
            return .failure(error)
        }
    }

    /// `host`, if it is there, must say what `:authority` says (RFC 9113, section 8.3.1): whoever looks at one and
    /// whoever looks at the other would else serve two hosts.
    private func agreedAuthority(_ fields: inout HTTPFields) throws(HTTP1Error) -> String {
        let hosts = fields.values(of: .host)
        guard hosts.count <= 1 else { throw HTTP1Error(.repeatedHost) }
        guard let authority = self.authority ?? hosts.first else { throw HTTP1Error(.missingHost) }
        if let host = hosts.first {
            var host = host
            guard host.withUTF8({ unsafe isValidHTTPAuthority($0) }), host.lowercased() == authority.lowercased()
            else { throw HTTP1Error(.invalidHost) }
        }
        return authority
    }

    /// The answer, or the rule it breaks.
    mutating func makeResponse() -> Result<HTTPResponse, HTTP1Error> {
        if let fault = self.fault { return .failure(HTTP1Error(fault, in: .response)) }
        let fields = self.finishFields()
        guard (100...599).contains(self.status) else { return .failure(HTTP1Error(.invalidStatusCode, in: .response)) }
        return .success(HTTPResponse(HTTPStatus(self.status), fields: fields))
    }

    /// The trailers without those that have no place there, or the rule they break.
    mutating func makeTrailers(in origin: HTTP1Error.Origin) -> Result<HTTPFields, HTTP1Error> {
        if let fault = self.fault { return .failure(HTTP1Error(fault, in: origin)) }
        return .success(self.finishFields().removingForbiddenInTrailers())
    }
}
