/// Which alerts fire, and what changed lately. A value: it prints and counts nothing by itself.
package struct AlertBook: Sendable {
    package struct Change: Sendable, Hashable {
        package let status: AlertNotification.Status
        package let alert: Alert
        /// Microseconds since 1970.
        package let at: Int
    }

    /// Alerts that fire at once; one more is refused.
    package static let firingMax = 512
    /// Changes that are kept; the oldest goes first.
    package static let changesMax = 200

    /// In the order they began.
    package private(set) var firing: [Alert] = []
    /// Oldest first.
    package private(set) var changes: [Change] = []
    private var counts: [LabAlertStatus: Int] = [:]

    package init() {}

    /// How many alerts were what, since the start.
    package func count(of status: LabAlertStatus) -> Int { self.counts[status] ?? 0 }

    /// Takes what Alertmanager says.
    ///
    /// It says the same again and again, of whole groups: only what is new is a change. The end of an alert that nobody
    /// here knew is none.
    /// - Returns: the changes, in the order of the notification.
    package mutating func take(_ notification: AlertNotification, at microseconds: Int) -> [Change] {
        var fresh: [Change] = []
        for entry in notification.entries where self.apply(entry) {
            fresh.append(Change(status: entry.status, alert: entry.alert, at: microseconds))
        }
        self.changes += fresh
        self.changes.removeFirst(max(0, self.changes.count - Self.changesMax))
        return fresh
    }

    /// Something came in that was no notification.
    package mutating func refused() { self.counts[.refused, default: 0] += 1 }

    /// - Returns: whether this changes anything.
    private mutating func apply(_ entry: AlertNotification.Entry) -> Bool {
        let index = self.firing.firstIndex { $0.fingerprint == entry.alert.fingerprint }
        switch (entry.status, index) {
        case (.firing, let index?):
            // Its annotations carry values that move on.
            self.firing[index] = entry.alert
            return false
        case (.firing, nil):
            guard self.firing.count < Self.firingMax else {
                self.refused()
                return false
            }
            self.firing.append(entry.alert)
            self.counts[.firing, default: 0] += 1
            return true
        case (.resolved, let index?):
            self.firing.remove(at: index)
            self.counts[.resolved, default: 0] += 1
            return true
        case (.resolved, nil): return false
        }
    }
}

extension AlertBook.Change {
    package static let columnsMax = 200

    /// For a terminal: `ALERT firing  CircuitBreakerOpen (page) gateway refuses calls of product`.
    ///
    /// What it is made of came over the network, so nothing in it can move a cursor, and it stays within
    /// `columnsMax` columns.
    package var line: String {
        let status = self.status == .firing ? "firing  " : "resolved"
        let severity = self.alert.severity.isEmpty ? "" : " (\(self.alert.severity))"
        return Self.printable("ALERT \(status) \(self.alert.name)\(severity) \(self.alert.summary)")
    }

    private static func printable(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        var columns = 0
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            // Formats turn the direction of writing, or are not seen at all.
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: continue
            default: break
            }
            // From Hangul on many are two columns wide (Unicode, East Asian Width).
            columns += scalar.value < 0x1100 ? 1 : 2
            if columns > self.columnsMax { break }
            line.append(scalar)
        }
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
