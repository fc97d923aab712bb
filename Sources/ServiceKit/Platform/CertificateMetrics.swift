package import Telemetry

/// The certificates that sending telemetry over https depends on.
package enum ExportCertificate: String, MetricLabel {
    /// What the receiver is shown, with the chain to its authority.
    case client
    /// What the receiver is verified by, where a file says so.
    case trust
    package static var labelName: String { "certificate" }
}

/// Until when telemetry can be sent: an expired certificate is seen by everybody but the one who shows it.
package enum CertificateMetrics {
    package static let notAfter = GaugeDescriptor<ExportCertificate>(
        "shop.tls.certificate.not_after", unit: .seconds,
        help: "When the first of the certificates for sending telemetry expires, in Unix time; absent without files.")

    static func register(_ transport: OTLPHTTPTransport, on telemetry: Telemetry) {
        telemetry.metrics.observableGauge(self.notAfter) {
            ExportCertificate.allCases.compactMap { certificate in
                transport.expiry(of: certificate).map { (certificate, Double($0)) }
            }
        }
    }
}
