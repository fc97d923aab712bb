public import HTTPCore

extension RPCCode {
    /// What an answer without `grpc-status` means, which some proxy or another server gave.
    ///
    /// Source: gRPC, `doc/http-grpc-status-mapping.md`.
    public init(httpStatus status: HTTPStatus) {
        self =
            switch status.code {
            case 400: .internal
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .unimplemented
            case 429, 502, 503, 504: .unavailable
            default: .unknown
            }
    }

    /// What the reset of a stream means.
    ///
    /// Source: gRPC, `doc/PROTOCOL-HTTP2.md`, "Errors"; the codes are those of RFC 9113 section 7.
    public init(http2ResetCode code: UInt32) {
        self =
            switch code {
            case 0x7: .unavailable
            case 0x8: .cancelled
            case 0xB: .resourceExhausted
            case 0xC: .permissionDenied
            case 0x0...0x4, 0x6, 0x9, 0xA: .internal
            default: .unknown
            }
    }

    /// Reads `grpc-status`: a decimal number without leading zeros. A number beyond those known is `unknown`, as is
    /// text that is none.
    init(wire text: UnsafeBufferPointer<UInt8>) {
        var number = 0
        guard (1...4).contains(text.count) else {
            self = .unknown
            return
        }
        for byte in text {
            guard byte &- 0x30 < 10 else {
                self = .unknown
                return
            }
            number = number * 10 + Int(byte &- 0x30)
        }
        self = RPCCode(rawValue: number) ?? .unknown
    }
}
