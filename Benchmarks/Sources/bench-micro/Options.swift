/// The command line.
struct Options {
    /// The file of committed numbers; nil where none is compared or written.
    private(set) var baseline: String?
    private(set) var acceptsAllocations = false
    private(set) var acceptsTimes = false

    /// Part of the names of the operations to measure; empty for all.
    private(set) var only = ""

    static let usage = """
        usage: bench-micro [--only TEXT] [--baseline FILE]
               bench-micro --baseline FILE [--accept-allocations] [--accept-times]
        """

    var accepts: Bool { self.acceptsAllocations || self.acceptsTimes }

    /// Nil for what is not understood.
    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            switch name {
            case "--baseline":
                guard let file = rest.popFirst() else { return nil }
                self.baseline = file
            case "--only":
                guard let text = rest.popFirst() else { return nil }
                self.only = text
            case "--accept-allocations": self.acceptsAllocations = true
            case "--accept-times": self.acceptsTimes = true
            default: return nil
            }
        }
        if self.accepts, self.baseline == nil || !self.only.isEmpty { return nil }
    }

    func wants(_ name: String) -> Bool { self.only.isEmpty || name.contains(self.only) }
}
