import HTTPCore

/// What the name of a field says about it.
enum RPCMetadataName {
    /// Names that carry the message rather than accompany it, and those that begin with `grpc-`; connection fields have
    /// no place in HTTP/2 at all (RFC 9113 section 8.2.2).
    static func isReserved(_ name: HTTPFieldName) -> Bool {
        var text = name.rawValue
        return text.withUTF8 { self.isReserved($0) }
    }

    static func isReserved(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        if self.begins(name, "grpc-") { return true }
        switch name.count {
        case 2: return self.begins(name, "te")
        case 4: return self.begins(name, "host")
        case 7: return self.begins(name, "trailer") || self.begins(name, "upgrade")
        case 10: return self.begins(name, "connection") || self.begins(name, "keep-alive")
        case 12: return self.begins(name, "content-type")
        case 14: return self.begins(name, "content-length") || self.begins(name, "http2-settings")
        case 16: return self.begins(name, "proxy-connection")
        case 17: return self.begins(name, "transfer-encoding")
        default: return false
        }
    }

    static func isBinary(_ name: HTTPFieldName) -> Bool { name.rawValue.utf8.reversed().starts(with: "nib-".utf8) }

    static func isValid(_ name: HTTPFieldName) -> Bool {
        name.rawValue.utf8.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    private static func begins(_ name: UnsafeBufferPointer<UInt8>, _ prefix: StaticString) -> Bool {
        guard name.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount where name[index] != prefix.utf8Start[index] { return false }
        return true
    }
}
