/// The two texts a scrape may ask for.
public enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus text format 0.0.4.
    case prometheusText
    /// OpenMetrics 1.0, with exemplars.
    case openMetrics

    public var contentType: String {
        switch self {
        case .prometheusText: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// Chooses by `Accept` (RFC 9110, section 12.5.1): OpenMetrics where it is asked for
    /// and not less welcome than text.
    public static func negotiate(accept: String?) -> (format: ExpositionFormat, contentType: String) {
        var openMetrics = 0.0
        var text = 0.0
        for element in (accept ?? "").lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map(self.trimmed)
            guard let type = parts.first else { continue }
            let quality = self.quality(parts.dropFirst())
            switch type {
            case "application/openmetrics-text":
                // 0.0.1 differs only in details that no sample here uses.
                let version = parts.first { $0.hasPrefix("version=") } ?? "version=1.0.0"
                if version == "version=1.0.0" || version == "version=0.0.1" { openMetrics = max(openMetrics, quality) }
            case "text/plain", "text/*", "*/*": text = max(text, quality)
            default: continue
            }
        }
        let format: ExpositionFormat = openMetrics > 0 && openMetrics >= text ? .openMetrics : .prometheusText
        return (format, format.contentType)
    }

    private static func quality(_ parameters: ArraySlice<String>) -> Double {
        guard let parameter = parameters.first(where: { $0.hasPrefix("q=") }) else { return 1 }
        return Double(parameter.dropFirst(2)) ?? 0
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
