import Telemetry

/// The labels that dashboards group by, besides those of objectives.
extension LabelKey {
    // Requests and calls
    static let errorType = LabelKey(Attribute.errorType)
    static let calledAddress = LabelKey(Attribute.serverAddress)
    static let calledPort = LabelKey(Attribute.serverPort)
    static let calledName = LabelKey("server.name")
    static let connectionState = LabelKey(Attribute.httpConnectionState)
    static let rpcMethod = LabelKey(Attribute.rpcMethod)
    static let rpcStatus = LabelKey(Attribute.rpcResponseStatusCode)
    static let reason = LabelKey("reason")
    /// Made by queries: `2xx`.
    static let statusClass = LabelKey("class")

    // Resilience and faults
    static let breaker = LabelKey("breaker")
    static let state = LabelKey("state")
    static let transitionTarget = LabelKey("to")
    static let client = LabelKey("client")
    static let bulkhead = LabelKey("bulkhead")
    static let limiter = LabelKey("limiter")
    static let fallback = LabelKey("fallback")
    static let outcome = LabelKey("outcome")
    static let fault = LabelKey("fault")

    // Stores
    static let database = LabelKey(Attribute.dbNamespace)
    static let table = LabelKey(Attribute.dbCollectionName)
    static let operation = LabelKey(Attribute.dbOperationName)
    static let pool = LabelKey(Attribute.dbPoolName)
    static let poolState = LabelKey(Attribute.dbConnectionState)

    // Processes and telemetry
    static let loop = LabelKey("loop")
    static let executor = LabelKey("executor")
    static let version = LabelKey(Attribute.serviceVersion)
    static let currency = LabelKey("currency")
    static let componentType = LabelKey(Attribute.otelComponentType)

    // Rules
    static let alertName = LabelKey("alertname")
    static let alertState = LabelKey("alertstate")
    static let severity = LabelKey("severity")
}
