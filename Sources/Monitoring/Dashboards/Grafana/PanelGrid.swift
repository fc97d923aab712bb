/// Where panels stand: Grafana's grid of 24 columns, filled row by row from the left.
package enum PanelGrid {
    package static let columns = 24

    /// In Grafana's units.
    package struct Place: Sendable, Hashable {
        package let x: Int
        package let y: Int
        package let width: Int
        package let height: Int

        package init(x: Int, y: Int, width: Int, height: Int) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }

        package func overlaps(_ other: Place) -> Bool {
            self.x < other.x + other.width && other.x < self.x + self.width && self.y < other.y + other.height
                && other.y < self.y + self.height
        }
    }

    /// The places of a row's panels, below its heading, and where the next row begins.
    static func places(of row: Row, from top: Int) -> (places: [Place], bottom: Int) {
        let unit = self.columns / row.columns
        var (x, y) = (0, top)
        var places: [Place] = []
        for panel in row.panels {
            let width = Swift.min(panel.span * unit, self.columns)
            if x + width > self.columns { (x, y) = (0, y + row.height) }
            places.append(Place(x: x, y: y, width: width, height: row.height))
            x += width
        }
        return (places, row.panels.isEmpty ? top : y + row.height)
    }
}

extension PanelGrid.Place {
    var grafana: GrafanaValue {
        ["h": .int(self.height), "w": .int(self.width), "x": .int(self.x), "y": .int(self.y)]
    }
}
