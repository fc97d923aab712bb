/// The `accept` field (RFC 9110, section 12.5.1), as far as the gateway needs it.
enum MediaRanges {
    /// Whether a list of media ranges lets the answer be `application/json` or a problem.
    static func allowJSON(_ accept: String) -> Bool {
        if accept.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return true }
        let ranges = accept.split(separator: ",").compactMap(self.parse)
        return self.allows("application/json", ranges) || self.allows("application/problem+json", ranges)
    }

    private static func parse(_ range: Substring) -> (type: String, isExcluded: Bool)? {
        let parts = range.split(separator: ";").map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
        guard let type = parts.first else { return nil }
        // A weight of zero means "not acceptable".
        let isExcluded = parts.dropFirst().contains { parameter in
            parameter.hasPrefix("q=") && parameter.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
        }
        return (type, isExcluded)
    }

    /// The most specific range that matches decides.
    private static func allows(_ type: String, _ ranges: [(type: String, isExcluded: Bool)]) -> Bool {
        for candidate in [type, "application/*", "*/*"] {
            if let range = ranges.first(where: { $0.type == candidate }) { return !range.isExcluded }
        }
        return false
    }
}
