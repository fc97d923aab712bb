extension MetricRegistry {
    /// The text of a scrape: every family by name, every series, in one of the two formats.
    public func exposition(_ format: ExpositionFormat = .prometheusText) -> [UInt8] {
        var writer = ExpositionWriter(format: format, writesCreated: self.writesCreated)
        if self.isDisabled { return writer.finish() }
        writer.writeTargetInfo(self.targetInfo)
        for family in self.sortedFamilies() { writer.write(family) }
        return writer.finish()
    }
}
