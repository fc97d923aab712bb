extension Sampler {
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` (OpenTelemetry specification, "General SDK configuration").
    init(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        let ratio = try Self.ratio(reader)
        let choices: KeyValuePairs<String, Sampler> = [
            "always_on": .alwaysOn,
            "always_off": .alwaysOff,
            "traceidratio": .traceIDRatio(ratio),
            "parentbased_always_on": .parentBased(root: .alwaysOn),
            "parentbased_always_off": .parentBased(root: .alwaysOff),
            "parentbased_traceidratio": .parentBased(root: .traceIDRatio(ratio)),
        ]
        self = try reader.choice("OTEL_TRACES_SAMPLER", choices) ?? .parentBased(root: .alwaysOn)
    }

    private static func ratio(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) -> Double {
        guard let text = reader.text("OTEL_TRACES_SAMPLER_ARG") else { return 1 }
        guard let ratio = Double(text), (0...1).contains(ratio) else {
            throw reader.unexpected("OTEL_TRACES_SAMPLER_ARG", "a ratio from 0 to 1")
        }
        return ratio
    }
}

extension SpanLimits {
    /// The specific variable first, then the general one, then the specification's default.
    init(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        self.init()
        let count = try reader.count("OTEL_ATTRIBUTE_COUNT_LIMIT") ?? 128
        let length = try reader.count("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? .max
        self.attributesMax = try reader.count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? count
        self.attributeValueLengthMax = try reader.count("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length
        self.eventsMax = try reader.count("OTEL_SPAN_EVENT_COUNT_LIMIT") ?? 128
        self.linksMax = try reader.count("OTEL_SPAN_LINK_COUNT_LIMIT") ?? 128
        self.attributesPerEventMax = try reader.count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") ?? 128
        self.attributesPerLinkMax = try reader.count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") ?? 128
    }
}

extension LogLimits {
    /// The specific variable first, then the general one, then the specification's default.
    init(_ reader: EnvironmentReader) throws(TelemetryConfigurationError) {
        self.init()
        let count = try reader.count("OTEL_ATTRIBUTE_COUNT_LIMIT") ?? 128
        let length = try reader.count("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? .max
        self.attributesMax = try reader.count("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") ?? count
        self.attributeValueLengthMax = try reader.count("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? length
    }
}
