/// The run as a drawing: requests and errors by second, p99 below, the fault's span shaded, breakers as bars.
///
/// SVG without script or outer reference, so that any viewer of Markdown shows it.
struct Chart {
    let report: RunReport

    private static let width = 860.0
    private static let left = 64.0
    private static let right = 20.0
    private static let panelHeight = 150.0
    private static let gap = 46.0
    private static let top = 52.0
    private static let barHeight = 16.0

    private var seconds: [SecondSeries.Second] { SecondSeries(self.report.record).seconds }

    func svg() -> String {
        let seconds = self.seconds
        let length = max(1.0, Double(seconds.count))
        let bars = self.breakerRows
        let barsTop = Self.top + 2 * (Self.panelHeight + Self.gap)
        let height = barsTop + Double(bars.count) * (Self.barHeight + 6) + 24
        var body = self.shading(length, to: barsTop - Self.gap + 10)
        body += self.panel(
            "requests a second (line), failed (filled)", at: Self.top, length,
            line: seconds.map { Double($0.requests) }, filled: seconds.map { Double($0.errors) })
        body += self.panel(
            "p99 in ms", at: Self.top + Self.panelHeight + Self.gap, length, line: seconds.map(\.p99), filled: nil)
        for (index, row) in bars.enumerated() {
            body += self.bar(row, at: barsTop + Double(index) * (Self.barHeight + 6), length)
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width.short)" height="\(height.short)" \
            viewBox="0 0 \(Self.width.short) \(height.short)" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#ffffff"/>
            <text x="\(Self.left.short)" y="22" font-size="15" fill="#1a1a1a">\
            \(self.report.experiment.title.escaped): \(self.report.verdict.rawValue)</text>
            \(body)</svg>

            """
    }

    private func x(_ seconds: Double, _ length: Double) -> Double {
        Self.left + seconds / length * (Self.width - Self.left - Self.right)
    }

    private func shading(_ length: Double, to bottom: Double) -> String {
        guard let fault = self.report.record.phases[.fault] else { return "" }
        let begin = self.x(fault.begin, length)
        let end = self.x(min(length, fault.end), length)
        return """
            <rect x="\(begin.place)" y="\(Self.top.short)" width="\((end - begin).place)" \
            height="\((bottom - Self.top).short)" fill="#f6dcd7"/>
            <text x="\(begin.place)" y="\((Self.top - 6).short)" fill="#a03020">fault</text>

            """
    }

    private func panel(
        _ title: String, at top: Double, _ length: Double, line: [Double?], filled: [Double]?
    ) -> String {
        let greatest = max(1, (line.compactMap { $0 } + (filled ?? [])).max() ?? 1).niceCeiling
        let bottom = top + Self.panelHeight
        func y(_ value: Double) -> Double { bottom - value / greatest * Self.panelHeight }
        var text = ""
        if let filled, filled.contains(where: { $0 > 0 }) {
            var points = ["\(self.x(0, length).place),\(bottom.short)"]
            for (second, value) in filled.enumerated() {
                points.append("\(self.x(Double(second) + 0.5, length).place),\(y(value).place)")
            }
            points.append("\(self.x(length, length).place),\(bottom.short)")
            text += "<polygon points=\"\(points.joined(separator: " "))\" fill=\"#d6604d\" fill-opacity=\"0.7\"/>\n"
        }
        for run in line.enumerated().split(whereSeparator: { $0.element == nil }) {
            let points = run.map { "\(self.x(Double($0.offset) + 0.5, length).place),\(y($0.element ?? 0).place)" }
            text +=
                "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"#2b6cb0\" stroke-width=\"1.6\"/>\n"
        }
        return text + self.axes(title, top, bottom, greatest, length)
    }

    private func axes(
        _ title: String, _ top: Double, _ bottom: Double, _ greatest: Double, _ length: Double
    ) -> String {
        let left = Self.left.short
        let right = (Self.width - Self.right).short
        var text = """
            <path d="M\(left) \(top.short)V\(bottom.short)H\(right)" fill="none" stroke="#888888"/>
            <text x="\((Self.left - 6).short)" y="\((top + 10).short)" text-anchor="end" fill="#555555">\(greatest.short)</text>
            <text x="\((Self.left - 6).short)" y="\(bottom.short)" text-anchor="end" fill="#555555">0</text>
            <text x="\(right)" y="\((top + 12).short)" text-anchor="end" fill="#555555">\(title.escaped)</text>

            """
        let step = length > 60 ? 20 : length > 24 ? 5 : 2
        for second in stride(from: 0, through: Int(length), by: step) {
            text +=
                "<text x=\"\(self.x(Double(second), length).place)\" y=\"\((bottom + 16).short)\" text-anchor=\"middle\" fill=\"#555555\">\(second) s</text>\n"
        }
        return text
    }

    // MARK: Breakers

    private struct BreakerRow {
        let label: String
        let pieces: [(state: String, begin: Double, end: Double)]
    }

    /// Those that were ever anything but closed.
    private var breakerRows: [BreakerRow] {
        let changes = self.report.record.breakerChanges
        let keys = changes.filter { $0.to != "closed" }.map { "\($0.process) → \($0.name.breaker)" }
        var seen: Set<String> = []
        return keys.filter { seen.insert($0).inserted }.map { key in
            let own = changes.filter { "\($0.process) → \($0.name.breaker)" == key }
            let ends = own.dropFirst().map(\.at) + [Double(self.seconds.count)]
            return BreakerRow(label: key, pieces: zip(own, ends).map { ($0.to, $0.at, $1) })
        }
    }

    private func bar(_ row: BreakerRow, at top: Double, _ length: Double) -> String {
        var text = ""
        for piece in row.pieces {
            let begin = self.x(piece.begin, length)
            let colour =
                switch piece.state {
                case "closed": "#bfe3c4"
                case "half_open": "#f4d58d"
                default: "#d6604d"
                }
            text += """
                <rect x="\(begin.place)" y="\(top.short)" width="\(max(0, self.x(piece.end, length) - begin).place)" \
                height="\(Self.barHeight.short)" fill="\(colour)"><title>\(piece.state.escaped)</title></rect>

                """
        }
        text +=
            "<text x=\"\((Self.left + 4).short)\" y=\"\((top + 12).short)\" fill=\"#1a1a1a\">\(row.label.escaped)</text>\n"
        return text
    }
}

extension RunReport {
    /// The chart as SVG.
    public func chart() -> String { Chart(report: self).svg() }
}

extension String {
    /// Text for XML.
    fileprivate var escaped: String {
        self.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}

extension Double {
    /// A coordinate: a tenth of a pixel is more than anyone sees.
    fileprivate var place: String { self.rounded(decimals: 1) }

    /// The next number a person would end an axis at: 1, 2 or 5 times a power of ten.
    fileprivate var niceCeiling: Double {
        var unit = 1.0
        while unit * 10 <= self { unit *= 10 }
        for factor in [1.0, 2, 5, 10] where unit * factor >= self { return unit * factor }
        return unit * 10
    }
}
