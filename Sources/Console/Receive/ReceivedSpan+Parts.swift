import Telemetry

extension ReceivedSpan {
    /// Keeps a link that leads somewhere.
    ///
    /// - Returns: false where it does not.
    mutating func add(_ link: Link, _ intake: inout OTLPIntake) -> Bool {
        guard link.traceID.isValid, link.spanID.isValid else {
            intake.leaveOut(.link)
            return false
        }
        self.links.append(link)
        return true
    }
}

extension UInt32 {
    /// Adds, and stays at the largest number there.
    mutating func increase(by count: UInt32 = 1) {
        let (sum, isOver) = self.addingReportingOverflow(count)
        self = isOver ? .max : sum
    }
}
