import Glibc
import HTTPCore

/// Where a request came from, as far as counting goes.
enum ClientAddress {
    /// The client's address as the gateway saw it; the peer's where there is no gateway in between.
    ///
    /// Of `x-forwarded-for` only the last entry counts: the gateway appends it, what stands before came from the
    /// client. (Only callers with the internal token get here.) An IPv6 address is cut to its /64, which is what one
    /// subscriber gets.
    static func group(of request: HTTPRequest) -> String {
        let forwarded = request.fields.combined(.xForwardedFor)?.split(separator: ",").last
        let address = forwarded.map(Self.trimmed) ?? request.remoteAddress
        guard let address, !address.isEmpty, address.utf8.count <= 64 else { return "unknown" }
        return Self.network(address) ?? address
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    /// The first 64 bits of an IPv6 address; nil for anything else, an IPv4 address in IPv6 notation included.
    private static func network(_ address: String) -> String? {
        var parsed = in6_addr()
        guard inet_pton(AF_INET6, address, &parsed) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: parsed) { Array($0) }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return bytes.suffix(4).map(String.init).joined(separator: ".") }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
