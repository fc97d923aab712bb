/// The samples of a few metrics, out of a scrape in the Prometheus text format.
///
/// Four scrapes a second of every process must not disturb what they measure: a line whose name is not wanted costs no
/// more than finding its end.
struct MetricScrape {
    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    let samples: [Sample]

    /// Lines that make no sense are passed over: tests elsewhere hold `/metrics` to its format.
    init(parsing bytes: [UInt8], names: Set<String>) {
        let wanted = Set(names.map { Array($0.utf8)[...] })
        var samples: [Sample] = []
        for line in bytes.split(separator: 0x0A) where line.first != UInt8(ascii: "#") {
            let end = line.firstIndex { $0 == UInt8(ascii: "{") || $0 == 0x20 } ?? line.endIndex
            guard wanted.contains(line[..<end]), let sample = Self.sample(line, nameEnd: end) else { continue }
            samples.append(sample)
        }
        self.samples = samples
    }

    /// The sum over the series of a name that bear all of these labels; nil when there is none.
    func sum(_ name: String, _ labels: [String: String]) -> Double? {
        let matching = self.samples.filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
        return matching.isEmpty ? nil : matching.reduce(0) { $0 + $1.value }
    }

    private static func sample(_ line: ArraySlice<UInt8>, nameEnd: Int) -> Sample? {
        var rest = line[nameEnd...]
        guard let labels = rest.first == UInt8(ascii: "{") ? self.labels(&rest) : [:] else { return nil }
        // An OpenMetrics exemplar or a time stamp may follow the value.
        guard let text = rest.split(separator: 0x20).first,
            let value = Double(String(decoding: text, as: UTF8.self).replacingInfinity)
        else { return nil }
        return Sample(name: String(decoding: line[..<nameEnd], as: UTF8.self), labels: labels, value: value)
    }

    private static func labels(_ rest: inout ArraySlice<UInt8>) -> [String: String]? {
        var labels: [String: String] = [:]
        rest = rest.dropFirst()
        while let first = rest.first, first != UInt8(ascii: "}") {
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = String(decoding: rest[..<equals], as: UTF8.self)
            rest = rest[(equals + 1)...]
            guard rest.popFirst() == UInt8(ascii: "\""), let value = self.quoted(&rest) else { return nil }
            labels[name] = value
            if rest.first == UInt8(ascii: ",") { rest = rest.dropFirst() }
        }
        guard rest.popFirst() != nil else { return nil }
        return labels
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == UInt8(ascii: "n") ? 0x0A : escaped)
            default: value.append(byte)
            }
        }
        return nil
    }
}

extension String {
    fileprivate var replacingInfinity: String { self == "+Inf" ? "inf" : self == "-Inf" ? "-inf" : self }
}
