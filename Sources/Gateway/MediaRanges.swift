/// The `accept` field (RFC 9110, section 12.5.1), as far as the gateway needs it.
enum MediaRanges {
    /// Whether a list of media ranges lets the answer be `application/json` or a problem.
    static func allowJSON(_ accept: String) -> Bool {
        if accept.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return true }
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
            guard let type = parts.first else { continue }
            let matches =
                type == "*/*" || type == "application/*" || type == "application/json"
                || type == "application/problem+json"
            // A weight of zero means "not acceptable".
            let isExcluded = parts.dropFirst().contains { parameter in
                parameter.hasPrefix("q=") && parameter.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
            }
            if matches && !isExcluded { return true }
        }
        return false
    }
}
