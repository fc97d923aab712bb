/// A small code for each well-known field name, so that a look-up compares one byte before it compares text.
///
/// Raw values count from 1 in the order of `texts`; 0 stands for every other name.
@usableFromInline
enum KnownFieldName: UInt8, CaseIterable, Sendable {
    case none = 0
    case accept
    case acceptCharset
    case acceptEncoding
    case acceptLanguage
    case acceptRanges
    case accessControlAllowCredentials
    case accessControlAllowHeaders
    case accessControlAllowMethods
    case accessControlAllowOrigin
    case accessControlExposeHeaders
    case accessControlMaxAge
    case accessControlRequestHeaders
    case accessControlRequestMethod
    case age
    case allow
    case authorization
    case baggage
    case cacheControl
    case connection
    case contentDisposition
    case contentEncoding
    case contentLanguage
    case contentLength
    case contentLocation
    case contentRange
    case contentSecurityPolicy
    case contentType
    case cookie
    case date
    case eTag
    case expect
    case expires
    case forwarded
    case grpcTimeout
    case host
    case http2Settings
    case idempotencyKey
    case ifMatch
    case ifModifiedSince
    case ifNoneMatch
    case ifRange
    case ifUnmodifiedSince
    case keepAlive
    case lastModified
    case link
    case location
    case maxForwards
    case origin
    case permissionsPolicy
    case pragma
    case prefer
    case priority
    case proxyAuthenticate
    case proxyAuthorization
    case proxyConnection
    case range
    case rateLimitLimit
    case rateLimitPolicy
    case rateLimitRemaining
    case rateLimitReset
    case referer
    case referrerPolicy
    case retryAfter
    case secFetchDest
    case secFetchMode
    case secFetchSite
    case secFetchUser
    case server
    case serverTiming
    case setCookie
    case strictTransportSecurity
    case te
    case traceparent
    case tracestate
    case trailer
    case transferEncoding
    case upgrade
    case upgradeInsecureRequests
    case userAgent
    case vary
    case via
    case warning
    case wwwAuthenticate
    case xContentTypeOptions
    case xForwardedFor
    case xForwardedHost
    case xForwardedProto
    case xFrameOptions
    case xInternalToken
    case xRealIP
    case xRequestID
    case xVitrineFailure
    case xVitrineRoles
    case xVitrineTimeout
    case xVitrineUserID

    /// The names, lower case, in the order of the cases after `none`.
    static let texts: [StaticString] = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges",
        "access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
        "access-control-allow-origin", "access-control-expose-headers", "access-control-max-age",
        "access-control-request-headers", "access-control-request-method", "age", "allow", "authorization", "baggage",
        "cache-control", "connection", "content-disposition", "content-encoding", "content-language",
        "content-length", "content-location", "content-range", "content-security-policy", "content-type", "cookie",
        "date", "etag", "expect", "expires", "forwarded", "grpc-timeout", "host", "http2-settings", "idempotency-key",
        "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive",
        "last-modified", "link", "location", "max-forwards", "origin", "permissions-policy", "pragma", "prefer",
        "priority", "proxy-authenticate", "proxy-authorization", "proxy-connection", "range", "ratelimit-limit",
        "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset", "referer", "referrer-policy", "retry-after",
        "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "server", "server-timing",
        "set-cookie", "strict-transport-security", "te", "traceparent", "tracestate", "trailer", "transfer-encoding",
        "upgrade", "upgrade-insecure-requests", "user-agent", "vary", "via", "warning", "www-authenticate",
        "x-content-type-options", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-frame-options",
        "x-internal-token", "x-real-ip", "x-request-id", "x-vitrine-failure", "x-vitrine-roles", "x-vitrine-timeout",
        "x-vitrine-user-id",
    ]
}
