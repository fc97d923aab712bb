/// Reads one line after the other of a scrape.
struct PrometheusLineParser {
    let isOpenMetrics: Bool
    var families: [String: PrometheusText.Family] = [:]
    var samples: [PrometheusText.Sample] = []
    private var current: String?
    private var seen: Set<String> = []
    private var hasEnded = false

    init(isOpenMetrics: Bool) { self.isOpenMetrics = isOpenMetrics }

    mutating func read(_ line: String) throws(PrometheusTextError) {
        if self.hasEnded { throw self.refuse("text after # EOF") }
        if line == "# EOF" {
            self.hasEnded = true
        } else if line.hasPrefix("# ") {
            try self.readComment(line)
        } else {
            try self.readSample(line)
        }
    }

    private mutating func readComment(_ line: String) throws(PrometheusTextError) {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, Self.isName(parts[2], allowingColon: true) else { throw self.refuse("bad comment") }
        let name = parts[2]
        if self.current != name {
            guard self.families[name] == nil else { throw self.refuse("family \(name) comes twice") }
            self.families[name] = .init(name: name)
            self.current = name
        }
        let text = parts.count > 3 ? parts[3] : ""
        switch parts[1] {
        case "HELP": self.families[name]?.help = text
        case "TYPE":
            let types = ["counter", "gauge", "histogram", "summary", "untyped", "info", "stateset", "unknown"]
            guard types.contains(text) else { throw self.refuse("unknown type \(text)") }
            self.families[name]?.type = text
        case "UNIT" where self.isOpenMetrics:
            guard name.hasSuffix("_" + text) else { throw self.refuse("\(name) does not end in its unit \(text)") }
            self.families[name]?.unit = text
        default: throw self.refuse("unknown comment \(parts[1])")
        }
    }

    private mutating func readSample(_ line: String) throws(PrometheusTextError) {
        var rest = Array(line.utf8)[...]
        let name = String(decoding: rest.prefix { $0 != 0x7b && $0 != 0x20 }, as: UTF8.self)
        rest = rest.dropFirst(name.utf8.count)
        guard Self.isName(name, allowingColon: true) else { throw self.refuse("bad name \(name)") }
        let labels = rest.first == 0x7b ? try self.readLabels(&rest) : [:]
        guard rest.first == 0x20 else { throw self.refuse("no space before the value") }
        let text = String(decoding: rest.dropFirst(), as: UTF8.self)
        var valueText = text
        var exemplar: String?
        if let mark = text.range(ofASCII: " # ") {
            guard self.isOpenMetrics else { throw self.refuse("exemplar outside OpenMetrics") }
            valueText = String(text[..<mark.lowerBound])
            exemplar = String(text[mark.upperBound...])
        }
        guard let value = Self.number(valueText) else { throw self.refuse("bad value \(valueText)") }
        try self.checkFamily(of: name)
        let key = name + labels.sorted { $0.key < $1.key }.map { "\u{1}\($0.key)\u{2}\($0.value)" }.joined()
        guard self.seen.insert(key).inserted else { throw self.refuse("series \(name) \(labels) comes twice") }
        self.samples.append(.init(name: name, labels: labels, value: value, exemplar: exemplar))
    }

    private func readLabels(_ rest: inout ArraySlice<UInt8>) throws(PrometheusTextError) -> [String: String] {
        var labels: [String: String] = [:]
        rest = rest.dropFirst()
        while rest.first != 0x7d {
            let name = String(decoding: rest.prefix { $0 != 0x3d && $0 != 0x7d }, as: UTF8.self)
            rest = rest.dropFirst(name.utf8.count)
            guard Self.isName(name, allowingColon: false) else { throw self.refuse("bad label name \(name)") }
            guard rest.starts(with: [0x3d, 0x22]) else { throw self.refuse("label without value") }
            rest = rest.dropFirst(2)
            let value = try self.readQuoted(&rest)
            guard labels.updateValue(value, forKey: name) == nil else { throw self.refuse("label \(name) twice") }
            if rest.first == 0x2c {
                rest = rest.dropFirst()
            } else if rest.first != 0x7d {
                throw self.refuse("no comma")
            }
        }
        rest = rest.dropFirst()
        return labels
    }

    private func readQuoted(_ rest: inout ArraySlice<UInt8>) throws(PrometheusTextError) -> String {
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case 0x22: return String(decoding: value, as: UTF8.self)
            case 0x5c:
                switch rest.popFirst() {
                case 0x6e: value.append(0x0a)
                case 0x22: value.append(0x22)
                case 0x5c: value.append(0x5c)
                default: throw self.refuse("bad escape")
                }
            default: value.append(byte)
            }
        }
        throw self.refuse("label value without end")
    }

    private func checkFamily(of sample: String) throws(PrometheusTextError) {
        guard let current, let family = self.families[current] else { throw self.refuse("\(sample) without TYPE") }
        let suffixes: [String] =
            switch family.type {
            case "histogram": ["_bucket", "_sum", "_count"]
            case "counter": self.isOpenMetrics ? ["_total", "_created"] : [""]
            case "info": ["_info"]
            default: [""]
            }
        guard suffixes.contains(where: { current + $0 == sample }) else {
            throw self.refuse("\(sample) does not belong to \(current), a \(family.type)")
        }
    }

    private func refuse(_ reason: String) -> PrometheusTextError { .init(line: 0, reason: reason) }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.utf8.allSatisfy { "+-.0123456789eE".utf8.contains($0) } ? Double(text) : nil
        }
    }

    private static func isName(_ name: String, allowingColon: Bool) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f: true
            case 0x3a: allowingColon
            default: false
            }
        }
    }
}

extension String {
    fileprivate func range(ofASCII text: String) -> Range<String.Index>? {
        var start = self.startIndex
        while start < self.endIndex {
            if self[start...].hasPrefix(text) { return start..<self.index(start, offsetBy: text.count) }
            start = self.index(after: start)
        }
        return nil
    }
}
