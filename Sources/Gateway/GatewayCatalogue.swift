import ServiceKit
public import Telemetry

extension GatewayService {
    public static var catalogue: TelemetryCatalogue { .platform }
}
