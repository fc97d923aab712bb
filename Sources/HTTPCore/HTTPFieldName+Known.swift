// Computed rather than stored: two constants at the place of use, where a stored one would be reached through a call.

extension HTTPFieldName {
    @inlinable public static var accept: Self { Self(known: .accept, "accept") }
    @inlinable public static var acceptCharset: Self { Self(known: .acceptCharset, "accept-charset") }
    @inlinable public static var acceptEncoding: Self { Self(known: .acceptEncoding, "accept-encoding") }
    @inlinable public static var acceptLanguage: Self { Self(known: .acceptLanguage, "accept-language") }
    @inlinable public static var acceptRanges: Self { Self(known: .acceptRanges, "accept-ranges") }
    @inlinable public static var accessControlAllowCredentials: Self {
        Self(known: .accessControlAllowCredentials, "access-control-allow-credentials")
    }
    @inlinable public static var accessControlAllowHeaders: Self {
        Self(known: .accessControlAllowHeaders, "access-control-allow-headers")
    }
    @inlinable public static var accessControlAllowMethods: Self {
        Self(known: .accessControlAllowMethods, "access-control-allow-methods")
    }
    @inlinable public static var accessControlAllowOrigin: Self {
        Self(known: .accessControlAllowOrigin, "access-control-allow-origin")
    }
    @inlinable public static var accessControlExposeHeaders: Self {
        Self(known: .accessControlExposeHeaders, "access-control-expose-headers")
    }
    @inlinable public static var accessControlMaxAge: Self {
        Self(known: .accessControlMaxAge, "access-control-max-age")
    }
    @inlinable public static var accessControlRequestHeaders: Self {
        Self(known: .accessControlRequestHeaders, "access-control-request-headers")
    }
    @inlinable public static var accessControlRequestMethod: Self {
        Self(known: .accessControlRequestMethod, "access-control-request-method")
    }
    @inlinable public static var age: Self { Self(known: .age, "age") }
    @inlinable public static var allow: Self { Self(known: .allow, "allow") }
    @inlinable public static var authorization: Self { Self(known: .authorization, "authorization") }
    @inlinable public static var baggage: Self { Self(known: .baggage, "baggage") }
    @inlinable public static var cacheControl: Self { Self(known: .cacheControl, "cache-control") }
    @inlinable public static var connection: Self { Self(known: .connection, "connection") }
    @inlinable public static var contentDisposition: Self { Self(known: .contentDisposition, "content-disposition") }
    @inlinable public static var contentEncoding: Self { Self(known: .contentEncoding, "content-encoding") }
    @inlinable public static var contentLanguage: Self { Self(known: .contentLanguage, "content-language") }
    @inlinable public static var contentLength: Self { Self(known: .contentLength, "content-length") }
    @inlinable public static var contentLocation: Self { Self(known: .contentLocation, "content-location") }
    @inlinable public static var contentRange: Self { Self(known: .contentRange, "content-range") }
    @inlinable public static var contentSecurityPolicy: Self {
        Self(known: .contentSecurityPolicy, "content-security-policy")
    }
    @inlinable public static var contentType: Self { Self(known: .contentType, "content-type") }
    @inlinable public static var cookie: Self { Self(known: .cookie, "cookie") }
    @inlinable public static var date: Self { Self(known: .date, "date") }
    @inlinable public static var eTag: Self { Self(known: .eTag, "etag") }
    @inlinable public static var expect: Self { Self(known: .expect, "expect") }
    @inlinable public static var expires: Self { Self(known: .expires, "expires") }
    @inlinable public static var forwarded: Self { Self(known: .forwarded, "forwarded") }
    @inlinable public static var grpcTimeout: Self { Self(known: .grpcTimeout, "grpc-timeout") }
    @inlinable public static var host: Self { Self(known: .host, "host") }
    @inlinable public static var http2Settings: Self { Self(known: .http2Settings, "http2-settings") }
    @inlinable public static var idempotencyKey: Self { Self(known: .idempotencyKey, "idempotency-key") }
    @inlinable public static var ifMatch: Self { Self(known: .ifMatch, "if-match") }
    @inlinable public static var ifModifiedSince: Self { Self(known: .ifModifiedSince, "if-modified-since") }
    @inlinable public static var ifNoneMatch: Self { Self(known: .ifNoneMatch, "if-none-match") }
    @inlinable public static var ifRange: Self { Self(known: .ifRange, "if-range") }
    @inlinable public static var ifUnmodifiedSince: Self { Self(known: .ifUnmodifiedSince, "if-unmodified-since") }
    @inlinable public static var keepAlive: Self { Self(known: .keepAlive, "keep-alive") }
    @inlinable public static var lastModified: Self { Self(known: .lastModified, "last-modified") }
    @inlinable public static var link: Self { Self(known: .link, "link") }
    @inlinable public static var location: Self { Self(known: .location, "location") }
    @inlinable public static var maxForwards: Self { Self(known: .maxForwards, "max-forwards") }
    @inlinable public static var origin: Self { Self(known: .origin, "origin") }
    @inlinable public static var permissionsPolicy: Self { Self(known: .permissionsPolicy, "permissions-policy") }
    @inlinable public static var pragma: Self { Self(known: .pragma, "pragma") }
    @inlinable public static var prefer: Self { Self(known: .prefer, "prefer") }
    @inlinable public static var priority: Self { Self(known: .priority, "priority") }
    @inlinable public static var proxyAuthenticate: Self { Self(known: .proxyAuthenticate, "proxy-authenticate") }
    @inlinable public static var proxyAuthorization: Self { Self(known: .proxyAuthorization, "proxy-authorization") }
    @inlinable public static var proxyConnection: Self { Self(known: .proxyConnection, "proxy-connection") }
    @inlinable public static var range: Self { Self(known: .range, "range") }
    @inlinable public static var rateLimitLimit: Self { Self(known: .rateLimitLimit, "ratelimit-limit") }
    @inlinable public static var rateLimitPolicy: Self { Self(known: .rateLimitPolicy, "ratelimit-policy") }
    @inlinable public static var rateLimitRemaining: Self { Self(known: .rateLimitRemaining, "ratelimit-remaining") }
    @inlinable public static var rateLimitReset: Self { Self(known: .rateLimitReset, "ratelimit-reset") }
    @inlinable public static var referer: Self { Self(known: .referer, "referer") }
    @inlinable public static var referrerPolicy: Self { Self(known: .referrerPolicy, "referrer-policy") }
    @inlinable public static var retryAfter: Self { Self(known: .retryAfter, "retry-after") }
    @inlinable public static var secFetchDest: Self { Self(known: .secFetchDest, "sec-fetch-dest") }
    @inlinable public static var secFetchMode: Self { Self(known: .secFetchMode, "sec-fetch-mode") }
    @inlinable public static var secFetchSite: Self { Self(known: .secFetchSite, "sec-fetch-site") }
    @inlinable public static var secFetchUser: Self { Self(known: .secFetchUser, "sec-fetch-user") }
    @inlinable public static var server: Self { Self(known: .server, "server") }
    @inlinable public static var serverTiming: Self { Self(known: .serverTiming, "server-timing") }
    @inlinable public static var setCookie: Self { Self(known: .setCookie, "set-cookie") }
    @inlinable public static var strictTransportSecurity: Self {
        Self(known: .strictTransportSecurity, "strict-transport-security")
    }
    @inlinable public static var te: Self { Self(known: .te, "te") }
    @inlinable public static var traceparent: Self { Self(known: .traceparent, "traceparent") }
    @inlinable public static var tracestate: Self { Self(known: .tracestate, "tracestate") }
    @inlinable public static var trailer: Self { Self(known: .trailer, "trailer") }
    @inlinable public static var transferEncoding: Self { Self(known: .transferEncoding, "transfer-encoding") }
    @inlinable public static var upgrade: Self { Self(known: .upgrade, "upgrade") }
    @inlinable public static var upgradeInsecureRequests: Self {
        Self(known: .upgradeInsecureRequests, "upgrade-insecure-requests")
    }
    @inlinable public static var userAgent: Self { Self(known: .userAgent, "user-agent") }
    @inlinable public static var vary: Self { Self(known: .vary, "vary") }
    @inlinable public static var via: Self { Self(known: .via, "via") }
    @inlinable public static var warning: Self { Self(known: .warning, "warning") }
    @inlinable public static var wwwAuthenticate: Self { Self(known: .wwwAuthenticate, "www-authenticate") }
    @inlinable public static var xContentTypeOptions: Self {
        Self(known: .xContentTypeOptions, "x-content-type-options")
    }
    @inlinable public static var xForwardedFor: Self { Self(known: .xForwardedFor, "x-forwarded-for") }
    @inlinable public static var xForwardedHost: Self { Self(known: .xForwardedHost, "x-forwarded-host") }
    @inlinable public static var xForwardedProto: Self { Self(known: .xForwardedProto, "x-forwarded-proto") }
    @inlinable public static var xFrameOptions: Self { Self(known: .xFrameOptions, "x-frame-options") }
    @inlinable public static var xInternalToken: Self { Self(known: .xInternalToken, "x-internal-token") }
    @inlinable public static var xRealIP: Self { Self(known: .xRealIP, "x-real-ip") }
    @inlinable public static var xRequestID: Self { Self(known: .xRequestID, "x-request-id") }
    /// `upstream` where what failed is not who answers, but somebody behind; between the platform's own processes only.
    @inlinable public static var xVitrineFailure: Self { Self(known: .xVitrineFailure, "x-vitrine-failure") }
    /// The roles of the verified caller, between commas; set by the gateway alone.
    @inlinable public static var xVitrineRoles: Self { Self(known: .xVitrineRoles, "x-vitrine-roles") }
    /// Milliseconds the calling process still waits; between the platform's own processes only.
    @inlinable public static var xVitrineTimeout: Self { Self(known: .xVitrineTimeout, "x-vitrine-timeout") }
    /// The verified caller; set by the gateway alone.
    @inlinable public static var xVitrineUserID: Self { Self(known: .xVitrineUserID, "x-vitrine-user-id") }
}
