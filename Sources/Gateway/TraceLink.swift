import HTTPCore

/// The link by which an answer leads to its trace in the console.
///
/// `Link: <http://127.0.0.1:8005/#/trace/…>; rel="describedby"; title="trace"` (RFC 8288).
struct TraceLink: Sendable {
    private let prefix: String

    /// - Parameter console: its page's URL, without a slash at the end.
    init(console: String) { self.prefix = "<\(console)/#/trace/" }

    /// What may stand between angle brackets in a field.
    static func isUsable(_ url: String) -> Bool {
        (url.hasPrefix("http://") || url.hasPrefix("https://"))
            && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
    }

    /// For an answer whose trace is recorded; the others are in no console.
    func append(to fields: inout HTTPFields) {
        guard let traceparent = fields[.traceparent], traceparent.utf8.count == 55 else { return }
        let parts = traceparent.split(separator: "-")
        guard parts.count == 4, let flags = UInt8(parts[3], radix: 16), flags & 1 == 1 else { return }
        fields.append(.link, "\(self.prefix)\(parts[1])>; rel=\"describedby\"; title=\"trace\"")
    }
}
