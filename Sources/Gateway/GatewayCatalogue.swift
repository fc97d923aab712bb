import ServiceKit
public import Telemetry

extension GatewayService {
    public static var catalogue: TelemetryCatalogue {
        .platform + TelemetryCatalogue(labels: [LabelDescriptor("limiter", "What the limit is counted on.")])
    }
}
