import JSON
import Monitoring
import ShellTesting
import Testing

/// What Grafana gets to read.
@Suite("Dashboards' files")
struct GrafanaFileTests {
    @Test("Are JSON, end with a line feed, and come out the same each time", arguments: DashboardID.allCases)
    func text(id: DashboardID) throws {
        let file = Self.file(id)
        #expect(file.path == id.path)
        #expect(file.text.hasSuffix("}\n"))
        #expect(file.text == Self.file(id).text)
        let document = try JSONValue(parsing: file.text)
        #expect(document["uid"]?.string == id.uid)
        #expect(document["id"]?.isNull == true, "the number is Grafana's to give")
        #expect(document["tags"]?.array?.first?.string == "vitrine")
        #expect(document["schemaVersion"]?.int == 39)
    }

    @Test("Panels stand beside and below one another, and fill each line", arguments: DashboardID.allCases)
    func places(id: DashboardID) throws {
        let panels = try Self.panels(id)
        let places = try panels.map(Self.place)
        for (index, place) in places.enumerated() {
            #expect(place.x >= 0 && place.width > 0 && place.x + place.width <= PanelGrid.columns)
            for other in places[..<index] { #expect(!place.overlaps(other)) }
        }
        var widths: [Int: Int] = [:]
        for place in places { widths[place.y, default: 0] += place.width }
        #expect(widths.values.allSatisfy { $0 == PanelGrid.columns }, "\(widths)")
        let numbers = panels.compactMap { $0["id"]?.int }
        #expect(Set(numbers).count == panels.count)
    }

    @Test("Ask only data sources that are provisioned", arguments: DashboardID.allCases)
    func dataSources(id: DashboardID) throws {
        let known = Set(DataSource.allCases.map(\.rawValue) + ["-- Grafana --"])
        let document = try JSONValue(parsing: Self.file(id).text)
        let asked = Self.dataSources(in: document)
        #expect(!asked.isEmpty)
        #expect(known.isSuperset(of: asked), "\(asked.subtracting(known))")
    }

    @Test("Links lead to dashboards and to places of Grafana's that there are", arguments: DashboardID.allCases)
    func links(id: DashboardID) throws {
        let document = try JSONValue(parsing: Self.file(id).text)
        let boards = Set(DashboardID.allCases.map { "/d/\($0.uid)" })
        for url in Self.urls(in: document) where !url.isEmpty {
            let path = String(url.prefix { $0 != "?" })
            #expect(boards.contains(path) || path == "/explore", "\(url)")
            #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(url)")
        }
    }

    @Test("Every panel that counts something says in which unit", arguments: DashboardID.allCases)
    func units(id: DashboardID) throws {
        let known = Set(PanelUnit.allCases.map(\.rawValue))
        for panel in try Self.panels(id) where panel["type"]?.string != "row" {
            let unit = panel["fieldConfig"]?["defaults"]?["unit"]?.string
            #expect(unit.map(known.contains) == true, "\(panel["title"]?.string ?? "")")
        }
    }

    @Test("A time series' panel is written as Grafana's schema has it")
    func timeSeries() throws {
        let panel = try #require(try Self.panels(.service).first { $0["title"]?.string == "Latency p95 by service" })
        #expect(panel["type"]?.string == "timeseries")
        let target = try #require(panel["targets"]?.array?.first)
        #expect(target["refId"]?.string == "A")
        #expect(target["exemplar"]?.bool == true)
        #expect(target["range"]?.bool == true && target["instant"]?.bool == false)
        #expect(target["legendFormat"]?.string == "{{service}}")
        #expect(
            target["expr"]?.string
                == #"histogram_quantile(0.95, sum by (service, le) (rate(http_server_request_duration_seconds_bucket"#
                + #"{service=~"$service",instance=~"$instance"}[$__rate_interval])))"#)
        let defaults = try #require(panel["fieldConfig"]?["defaults"])
        #expect(defaults["unit"]?.string == "s")
        #expect(defaults["custom"]?["thresholdsStyle"]?["mode"]?.string == "dashed")
        let steps = try #require(defaults["thresholds"]?["steps"]?.array)
        #expect(steps.map { $0["color"]?.string } == ["green", "orange", "red"])
        #expect(steps[0]["value"]?.isNull == true)
        #expect(steps.dropFirst().map { $0["value"]?.double } == [0.25, 0.5])
        let link = try #require(defaults["links"]?.array?.first)
        #expect(link["title"]?.string == "Traces of ${__field.labels.service}")
        #expect(link["url"]?.string?.contains("%22service%22%3A%22${__field.labels.service}%22") == true)
    }

    @Test(
        "Grafana's own classes read every file, and find nothing they would write otherwise",
        .enabled(if: Python.isThere))
    func roundTrip() throws {
        let folder = Shell.run("mktemp -d").text.filter { $0 != "\n" }
        defer { _ = Shell.run("rm -rf '\(folder)'") }
        for file in DashboardCatalogue.files {
            let name = String(file.path.split(separator: "/").last!)
            #expect(Shell.run("cat > '\(folder)/\(name)'", input: Array(file.text.utf8)).status == 0)
        }
        let run = Shell.run("'\(Python.interpreter)' '\(Python.script)' '\(folder)'")
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        #expect(run.text == "\(DashboardID.allCases.count) dashboards\n")
    }

    // MARK: Reading

    private static func file(_ id: DashboardID) -> GeneratedFile {
        DashboardCatalogue.files.first { $0.path == id.path }!
    }

    private static func panels(_ id: DashboardID) throws -> [JSONValue] {
        try #require(try JSONValue(parsing: self.file(id).text)["panels"]?.array)
    }

    private static func place(_ panel: JSONValue) throws -> PanelGrid.Place {
        let grid = try #require(panel["gridPos"])
        return PanelGrid.Place(
            x: try #require(grid["x"]?.int), y: try #require(grid["y"]?.int), width: try #require(grid["w"]?.int),
            height: try #require(grid["h"]?.int))
    }

    private static func dataSources(in value: JSONValue) -> Set<String> {
        var found = Set(self.children(of: value).flatMap { self.dataSources(in: $0) })
        if let uid = value["datasource"]?["uid"]?.string { found.insert(uid) }
        return found
    }

    private static func urls(in value: JSONValue) -> [String] {
        (value["url"]?.string.map { [$0] } ?? []) + self.children(of: value).flatMap { self.urls(in: $0) }
    }

    private static func children(of value: JSONValue) -> [JSONValue] {
        value.array ?? value.object?.members.map(\.value) ?? []
    }
}

/// The interpreter with Grafana's library for dashboards, where one can be had.
private enum Python {
    private static let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
    private static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    static let script = Self.folder + "/round_trip.py"

    static let interpreter = Shell.run("sh '\(Self.root)/scripts/python-venv.sh'").text.filter { $0 != "\n" }
    static let isThere = Shell.run("'\(Self.interpreter)' -c 'import grafana_foundation_sdk'").status == 0
}
