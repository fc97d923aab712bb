extension KnownFieldName {
    /// Fields that say how a message is framed, routed, authorised or understood: too late behind the content, and
    /// dangerous when merged into a header section (RFC 9110 section 6.5.1). They are dropped from trailers.
    var isForbiddenInTrailers: Bool {
        switch self {
        case .transferEncoding, .contentLength, .connection, .keepAlive, .proxyConnection, .te, .trailer, .upgrade,
            .host,
            .authorization, .proxyAuthorization, .proxyAuthenticate, .wwwAuthenticate, .cookie, .setCookie,
            .cacheControl, .pragma, .expect, .maxForwards, .range, .age, .expires, .date, .location, .retryAfter, .vary,
            .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .ifRange,
            .contentEncoding, .contentType, .contentRange, .contentLanguage, .contentLocation,
            .forwarded, .via, .xForwardedFor, .xForwardedHost, .xForwardedProto, .xRealIP, .xInternalToken, .xRequestID,
            .xVitrineRoles, .xVitrineTimeout, .xVitrineUserID,
            .traceparent, .tracestate, .baggage, .idempotencyKey, .origin:
            true
        default: false
        }
    }
}
