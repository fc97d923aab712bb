import Resilience
import ServiceKit
public import Telemetry

extension GatewayService {
    public static var catalogue: TelemetryCatalogue {
        .platform
            + TelemetryCatalogue(
                labels: [.limiter],
                logEvents: [
                    LogEventDescriptor(
                        "older answer given", .warning,
                        "The product service could not be asked, and the last good answer stood in.",
                        [Attribute.staleSeconds, Attribute.errorMessage])
                ])
    }
}
