/// What stands in a row: a panel, or one of the kinds of panels.
package protocol PanelSource: Sendable {
    var panel: Panel { get }
}

extension Panel: PanelSource {
    package var panel: Panel { self }
}

/// What can be said of any panel, after what it is.
extension PanelSource {
    package func thresholds(_ thresholds: Thresholds) -> Panel { self.with { $0.thresholds = thresholds } }
    /// How many of the row's columns it takes.
    package func spanning(_ columns: Int) -> Panel { self.with { $0.span = columns } }
    package func colours(_ colours: [SeriesColour]) -> Panel { self.with { $0.colours += colours } }
    package func link(_ link: PanelLink) -> Panel { self.with { $0.links.append(link) } }
    package func decimals(_ count: Int) -> Panel { self.with { $0.decimals = count } }
    /// The ends of its scale.
    package func scale(from min: Double = 0, to max: Double? = nil) -> Panel {
        self.with {
            $0.min = min
            $0.max = max
        }
    }
    package func needs(_ needs: DataNeeds) -> Panel { self.with { $0.dataNeeds = needs } }

    private func with(_ change: (inout Panel) -> Void) -> Panel {
        var panel = self.panel
        change(&panel)
        return panel
    }
}
