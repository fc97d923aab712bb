import Glibc

/// Where one signal goes over OTLP, and how.
public struct OTLPEndpoint: Sendable, Hashable {
    /// `http` or `https`.
    public var scheme: String
    public var host: String
    public var port: Int
    /// Begins with a slash: `/v1/traces`.
    public var path: String
    /// `OTEL_EXPORTER_OTLP_HEADERS` or the signal's own; may hold credentials, so it is never logged.
    public var headers: [(name: String, value: String)] {
        get { self.headerNames.indices.map { (self.headerNames[$0], self.headerValues[$0]) } }
        set {
            self.headerNames = newValue.map(\.name)
            self.headerValues = newValue.map(\.value)
        }
    }
    /// `OTEL_EXPORTER_OTLP_COMPRESSION`; none by default.
    public var compression: OTLPCompression
    /// `OTEL_EXPORTER_OTLP_TIMEOUT`: one request; 10 s.
    public var timeout: Duration
    /// `OTEL_EXPORTER_OTLP_CERTIFICATE`: a PEM file of the authorities to trust over https; nil for the system's.
    public var certificate: String?
    /// `OTEL_EXPORTER_OTLP_CLIENT_KEY`: a PEM file with the private key of `clientCertificate`.
    public var clientKey: String?
    /// `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`: a PEM file with the certificates for a receiver that asks for one.
    public var clientCertificate: String?
    private var headerNames: [String] = []
    private var headerValues: [String] = []

    public init(
        scheme: String = "http", host: String = "localhost", port: Int = 4_318, path: String,
        compression: OTLPCompression = .none, timeout: Duration = .seconds(10)
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.compression = compression
        self.timeout = timeout
    }

    /// Reads `OTEL_EXPORTER_OTLP_*`, the signal's own variables first. A signal's endpoint is used as it is; the common
    /// one gets `/v1/traces` appended (OpenTelemetry specification, "Endpoint URLs for OTLP/HTTP").
    init(_ reader: EnvironmentReader, signal: OTLPSignal) throws(TelemetryConfigurationError) {
        let common = "OTEL_EXPORTER_OTLP_"
        let own = common + signal.variable + "_"
        if reader.text(own + "ENDPOINT") != nil {
            self = try Self.parse(reader, own + "ENDPOINT", appending: "")
        } else {
            self = try Self.parse(reader, common + "ENDPOINT", appending: signal.path)
        }
        for name in [own + "PROTOCOL", common + "PROTOCOL"] {
            if let text = reader.text(name), text != "http/json" { throw reader.unexpected(name, "http/json") }
        }
        let choices: KeyValuePairs<String, OTLPCompression> = ["none": .none, "gzip": .gzip]
        let commonCompression = try reader.choice(common + "COMPRESSION", choices)
        self.compression = try reader.choice(own + "COMPRESSION", choices) ?? commonCompression ?? .none
        let commonTimeout = try reader.timeout(common + "TIMEOUT")
        self.timeout = try reader.timeout(own + "TIMEOUT") ?? commonTimeout ?? .seconds(10)
        let headers = try reader.pairs(own + "HEADERS")
        let chosen = headers.isEmpty ? try reader.pairs(common + "HEADERS") : headers
        self.headers = chosen.map { ($0.key.lowercased(), $0.value) }
        self.certificate = try Self.file(reader, .certificate, of: signal)
        self.clientKey = try Self.file(reader, .clientKey, of: signal)
        self.clientCertificate = try Self.file(reader, .clientCertificate, of: signal)
        if self.clientKey == nil, self.clientCertificate != nil {
            throw reader.unexpected(OTLPFileSetting.clientKey.variable(common), "the key to the client certificate")
        }
        if self.clientKey != nil, self.clientCertificate == nil {
            throw reader.unexpected(
                OTLPFileSetting.clientCertificate.variable(common), "the certificate to the client key")
        }
    }

    /// The path of a file that can be read; what is in it is for whoever opens it to judge.
    private static func file(
        _ reader: EnvironmentReader, _ setting: OTLPFileSetting, of signal: OTLPSignal
    ) throws(TelemetryConfigurationError) -> String? {
        let variable = setting.variable(of: signal, in: reader.environment)
        guard let path = reader.text(variable) else { return nil }
        guard access(path, R_OK) == 0 else { throw reader.unexpected(variable, "the path of a readable file") }
        return path
    }

    private static func parse(
        _ reader: EnvironmentReader, _ variable: String, appending suffix: String
    ) throws(TelemetryConfigurationError) -> OTLPEndpoint {
        let text = reader.text(variable) ?? "http://localhost:4318"
        let wrong = reader.unexpected(variable, "http://host:port or https://host:port")
        guard let scheme = ["http", "https"].first(where: { text.lowercased().hasPrefix($0 + "://") }) else {
            throw wrong
        }
        let rest = text.dropFirst(scheme.count + 3)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@"), !rest.contains("#"), !rest.contains("?") else { throw wrong }
        guard let (host, port) = self.split(authority, defaultPort: scheme == "http" ? 80 : 443) else { throw wrong }
        var path = String(rest[slash...])
        if !suffix.isEmpty {
            while path.hasSuffix("/") { path.removeLast() }
            path += suffix
        }
        return OTLPEndpoint(scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : path)
    }

    /// `host`, `host:port`, `[v6]` or `[v6]:port`; the brackets stay off.
    private static func split(_ authority: Substring, defaultPort: Int) -> (host: String, port: Int)? {
        let afterHost = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
        let colon = authority[afterHost...].lastIndex(of: ":")
        var host = authority[..<(colon ?? authority.endIndex)]
        var port = defaultPort
        if let colon {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else {
                return nil
            }
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : (String(host), port)
    }
}

/// The settings of an `OTLPEndpoint` that name a file (OpenTelemetry specification, "OTLP exporter configuration").
public enum OTLPFileSetting: String, Sendable, CaseIterable {
    case certificate = "CERTIFICATE"
    case clientKey = "CLIENT_KEY"
    case clientCertificate = "CLIENT_CERTIFICATE"

    /// The environment variable that holds for `signal`: its own if that is set, else the common one.
    public func variable(of signal: OTLPSignal, in environment: [String: String]) -> String {
        let common = "OTEL_EXPORTER_OTLP_"
        let own = self.variable(common + signal.variable + "_")
        return EnvironmentReader(environment: environment).text(own) == nil ? self.variable(common) : own
    }

    func variable(_ prefix: String) -> String { prefix + self.rawValue }
}

/// How a request's body is compressed.
public enum OTLPCompression: String, Sendable, Hashable {
    case none
    case gzip
}

/// The kinds of telemetry OTLP carries.
public enum OTLPSignal: String, Sendable, Hashable {
    case traces
    case logs
    case metrics

    /// Appended to the common endpoint.
    public var path: String { "/v1/\(self.rawValue)" }

    /// In the names of variables.
    var variable: String { self.rawValue.uppercased() }

    /// Where a partial success tells how many records were not taken.
    var rejectedField: String {
        switch self {
        case .traces: "rejectedSpans"
        case .logs: "rejectedLogRecords"
        case .metrics: "rejectedDataPoints"
        }
    }
}
