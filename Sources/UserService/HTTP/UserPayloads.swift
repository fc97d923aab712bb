import HTTPCore
import JSON
import Routing

/// The body of `POST /auth/register`.
struct RegistrationPayload {
    let email: EmailAddress
    let password: Password
    let name: PersonName

    /// - Throws: `Problem` 400 or 422 that names every field at fault.
    init(_ payload: PayloadReader) throws {
        var payload = payload
        let email = payload.email("email", isRequired: true)
        let password = payload.newPassword("password")
        let name = PersonName(
            whole: payload.namePart("name"), first: payload.namePart("first_name"), last: payload.namePart("last_name"))
        try payload.validate()
        guard let email, let password else { throw Problem.badRequest("The body is not complete.") }
        self.email = email
        self.password = password
        self.name = name
    }
}

/// The body of `POST /auth/login`. Anything may be typed; what is no address or password is simply wrong.
struct CredentialsPayload {
    let email: String
    let password: String

    init(_ payload: PayloadReader) throws {
        var payload = payload
        self.email = payload.required("email")
        self.password = payload.required("password")
        try payload.validate()
    }
}

/// The body of `POST /auth/refresh`.
struct RefreshPayload {
    let refreshToken: String

    init(_ payload: PayloadReader) throws {
        var payload = payload
        self.refreshToken = payload.string("refresh_token", length: 1...512)
        try payload.validate()
    }
}

/// The body of `POST /auth/logout`, which may be missing altogether.
struct LogoutPayload {
    let refreshToken: String?

    init(_ payload: PayloadReader) throws {
        var payload = payload
        self.refreshToken = payload.optionalString("refresh_token", length: 1...512)
        try payload.validate()
    }
}

/// The body of `PUT /users/{id}`: a field left out stays as it is, null clears a part of the name.
struct ProfilePayload {
    let command: ChangeProfile.Command

    /// - Parameter nulls: the fields that are there with the value null.
    init(_ payload: PayloadReader, nulls: Set<String>) throws {
        var payload = payload
        var command = ChangeProfile.Command()
        command.email = payload.email("email", isRequired: false)
        command.whole = payload.change("name", nulls)
        command.first = payload.change("first_name", nulls)
        command.last = payload.change("last_name", nulls)
        try payload.validate()
        self.command = command
    }

    /// The fields of an object that are null; the reader does not tell them from missing ones.
    static func nulls(in body: [UInt8]) -> Set<String> {
        // What does not parse has been refused by the reader, with the place of the error.
        guard case .object(let object)? = try? JSONValue(parsing: body) else { return [] }
        return Set(object.members.filter { $0.value == .null }.map(\.key))
    }
}

/// The body of `PUT /users/{id}/role`.
struct RolePayload {
    let role: Role

    init(_ payload: PayloadReader) throws {
        var payload = payload
        if !payload.has("role") { payload.reject("role", "is required") }
        let role = payload.choice("role", of: Role.self)
        try payload.validate()
        guard let role else { throw Problem.badRequest("The body is not complete.") }
        self.role = role
    }
}

extension PayloadReader {
    fileprivate mutating func required(_ name: String) -> String {
        if !self.has(name) { self.reject(name, "is required") }
        return self.rawString(name) ?? ""
    }

    fileprivate mutating func email(_ name: String, isRequired: Bool) -> EmailAddress? {
        guard self.has(name) else {
            if isRequired { self.reject(name, "is required") }
            return nil
        }
        guard let text = self.rawString(name) else { return nil }
        guard let email = EmailAddress(text) else {
            self.reject(name, "must be an e-mail address, such as ada@example.com")
            return nil
        }
        return email
    }

    fileprivate mutating func newPassword(_ name: String) -> Password? {
        guard self.has(name) else {
            self.reject(name, "is required")
            return nil
        }
        // Exactly as typed: white space counts.
        guard let text = self.rawString(name) else { return nil }
        do {
            return try Password(text)
        } catch {
            self.reject(name, error.message)
            return nil
        }
    }

    /// Nil when it is missing or empty.
    fileprivate mutating func namePart(_ name: String) -> String? {
        let text = self.optionalString(name, length: 0...PersonName.lengthMax)
        return text?.isEmpty == true ? nil : text
    }

    fileprivate mutating func change(_ name: String, _ nulls: Set<String>) -> ChangeProfile.Field {
        guard self.has(name) else { return nulls.contains(name) ? .set(nil) : .keep }
        return .set(self.namePart(name))
    }
}

extension JSONWriter {
    /// Writes a user as everybody who may see one sees it: never with a hash.
    mutating func value(_ user: User) {
        self.beginObject()
        self.field("id", user.id)
        self.field("email", user.email.rawValue)
        self.field("name", user.name.display)
        self.field("first_name", user.name.first)
        self.field("last_name", user.name.last)
        self.field("role", user.role.rawValue)
        self.field("created_at", RFC3339.string(microseconds: user.createdAt))
        self.field("updated_at", RFC3339.string(microseconds: user.updatedAt))
        self.endObject()
    }

    /// Writes what a sign-in hands out (RFC 6749, section 5.1; `token` is for clients of similar shops).
    mutating func value(_ session: Session) {
        self.beginObject()
        self.field("access_token", session.accessToken)
        self.field("token", session.accessToken)
        self.field("refresh_token", session.refreshToken.text)
        self.field("token_type", "Bearer")
        self.field("expires_in", session.expiresIn)
        self.key("user")
        self.value(session.user)
        self.endObject()
    }
}

extension HTTPResponse {
    static func user(_ user: User, _ status: HTTPStatus = .ok, fields: HTTPFields = .uncached) -> HTTPResponse {
        .json(status, fields: fields) { $0.value(user) }
    }

    static func session(_ session: Session) -> HTTPResponse {
        .json(fields: .uncached, capacity: 2_048) { $0.value(session) }
    }
}

extension HTTPFields {
    /// For answers that hold tokens or personal data: kept nowhere.
    static var uncached: HTTPFields {
        var fields = HTTPFields()
        fields.append(.cacheControl, "no-store")
        return fields
    }
}
