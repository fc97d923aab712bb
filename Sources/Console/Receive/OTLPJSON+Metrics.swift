import JSON

extension ReceivedMetric {
    /// `Metric`: an item for each of its points.
    static func append(
        from json: JSONValue, to metrics: inout [ReceivedMetric], _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        let start = metrics.count
        var (name, unit) = ("", "")
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "name": name = try OTLPJSON.text(value)
            case "unit": unit = try OTLPJSON.text(value)
            case "gauge", "sum": try self.readPoints(value, isNumber: true, &metrics, &intake)
            case "histogram", "exponentialHistogram":
                try self.readPoints(value, isNumber: false, &metrics, &intake)
            case "summary": try self.readPoints(value, isNumber: false, hasSum: true, &metrics, &intake)
            default: break
            }
        }
        intake.name(name, unit: unit, &metrics, from: start)
    }

    /// `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` and `Summary`, which all have `dataPoints`.
    ///
    /// - Parameter hasSum: whether a sum that is left out is zero, as a summary's is.
    private static func readPoints(
        _ json: JSONValue, isNumber: Bool, hasSum: Bool = false, _ metrics: inout [ReceivedMetric],
        _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            guard key == "dataPoints" else { return }
            try OTLPJSON.elements(of: value) { point throws(OTLPJSONError) in
                guard intake.hasRoom() else { return }
                var values = PointValues()
                if hasSum { values.sum = 0 }
                try self.readPoint(point, isNumber: isNumber, &values, &metrics, &intake)
            }
        }
    }

    private static func readPoint(
        _ json: JSONValue, isNumber: Bool, _ values: inout PointValues, _ metrics: inout [ReceivedMetric],
        _ intake: inout OTLPIntake
    ) throws(OTLPJSONError) {
        var (time, flags): (UInt64, UInt64) = (0, 0)
        var attributes: [ReceivedAttribute] = []
        try OTLPJSON.members(of: json) { key, value throws(OTLPJSONError) in
            switch key {
            case "attributes": attributes = try OTLPJSON.attributes(value, &intake).kept
            case "timeUnixNano": time = try OTLPJSON.unsigned(value)
            case "flags": flags = try OTLPJSON.unsigned(value)
            case "asDouble": values.number = try OTLPJSON.double(value)
            case "asInt": values.number = Double(try OTLPJSON.integer(value))
            case "count": values.count = try OTLPJSON.unsigned(value)
            case "sum": values.sum = try OTLPJSON.double(value)
            default: break
            }
        }
        let point = isNumber ? values.asNumber : values.asDistribution
        intake.add(point, flags: flags, time: time, attributes, to: &metrics)
    }
}
