import HTTPCore
import Routing

/// Who may look, and who may change something.
///
/// Without a token the console is for this machine: a request must name it as loopback, so that a name that somebody
/// points at 127.0.0.1 reaches nothing ("DNS rebinding"). With one, a caller bears it as a bearer token, or as the
/// cookie that the page got for it. Whatever changes something must bear a field that a page of another origin cannot
/// send (Fetch, section 3.2, "CORS-safelisted request-header").
struct ConsoleAccess: Sendable {
    let token: String?

    static let cookieName = "vitrine_console"
    static let field: HTTPFieldName = "x-vitrine-console"

    /// - Throws: `Problem` 401, 403 or 421.
    func check(_ request: HTTPRequest) throws {
        if let token = self.token {
            guard Self.bears(request, token) else {
                throw Problem.unauthorized("This console needs its token: as a bearer token, or at /login?token=…")
            }
        } else if !Self.namesLoopback(request.authority) {
            throw Problem(
                HTTPStatus(421), title: "Misdirected Request",
                detail: "Without VITRINE_CONSOLE_TOKEN this console answers to localhost, 127.0.0.1 and [::1] alone.")
        }
        if request.method != .get, request.method != .head, !request.fields.contains(Self.field) {
            throw Problem.forbidden("What changes something must bear the field x-vitrine-console.")
        }
    }

    private static func bears(_ request: HTTPRequest, _ token: String) -> Bool {
        // One that is not the console's may be the shop's, which the page sends with what it tries out.
        if self.bearsInField(request, token) { return true }
        guard let cookies = request.fields.combined(.cookie) else { return false }
        return cookies.split(whereSeparator: { $0 == ";" || $0 == "," }).contains { pair in
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == self.cookieName && self.equal(String(parts[1]), token)
        }
    }

    private static func bearsInField(_ request: HTTPRequest, _ token: String) -> Bool {
        guard let field = request.fields[.authorization], field.count > 7, field.prefix(7).lowercased() == "bearer "
        else { return false }
        return self.equal(String(field.dropFirst(7)), token)
    }

    /// Whether the bearer token of a request is the console's own.
    func isOwnBearer(_ request: HTTPRequest) -> Bool {
        self.token.map { Self.bearsInField(request, $0) } ?? false
    }

    /// In a time that does not tell how much of it was right.
    private static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    static func namesLoopback(_ authority: String?) -> Bool {
        guard let authority else { return false }
        let host: Substring
        if authority.hasPrefix("[") {
            host = authority.prefix { $0 != "]" }.dropFirst()
        } else {
            host = authority.prefix { $0 != ":" }
        }
        let name = host.lowercased()
        return name == "localhost" || name == "::1" || name.hasSuffix(".localhost")
            || name.hasPrefix("127.") && name.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
    }

    /// `/login?token=…`: gives a browser the cookie, and sends it to the page.
    func logIn(_ request: HTTPRequest) throws -> HTTPResponse {
        guard let token = self.token else { return Self.toPage(nil) }
        guard let given = QueryParameters(request.query)["token"], Self.equal(given, token) else {
            throw Problem.unauthorized("That is not the token.")
        }
        return Self.toPage("\(Self.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict")
    }

    private static func toPage(_ cookie: String?) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.location, "/")
        if let cookie { fields.append(.setCookie, cookie) }
        fields.append(.cacheControl, "no-store")
        return HTTPResponse(HTTPStatus(303), fields: fields, body: .empty)
    }
}
