extension SignalMatrix {
    /// Which process of the platform emits what. A test holds a whole journey through the shop against it, both ways.
    public static let platform = SignalMatrix(table: Self.platformTable)

    public static let platformTable = """
        | Signal | gateway | user | product | cart | order | load | lab | console |
        |---|---|---|---|---|---|---|---|---|
        | spans: server | ● | ● | ● | ● | ● |  |  |  |
        | spans: client | ● | ● | ● | ● | ● |  |  |  |
        | spans: internal | | | ● | | ● |  |  |  |
        | log lines | ● | ● | ● | ● | ● |  |  | ● |
        | metrics: `chaos.experiment.*` |  |  |  |  |  |  | ● |  |
        | metrics: `chaos.experiments.*` |  |  |  |  |  |  | ● |  |
        | metrics: `chaos.fault.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `db.client.*` |  | ● | ● | ● | ● |  |  |  |
        | metrics: `http.client.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `http.server.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `otel.sdk.*` | ● | ● | ● | ● | ● | ● | ● | ● |
        | metrics: `process.*` | ● | ● | ● | ● | ● | ● | ● | ● |
        | metrics: `resilience.bulkhead.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `resilience.circuit_breaker.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `resilience.deadline.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `resilience.fallback.*` | ● |  |  |  |  |  |  |  |
        | metrics: `resilience.load_shed.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `resilience.outlier.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `resilience.rate_limiter.*` | ● |  |  |  |  |  |  |  |
        | metrics: `resilience.retry.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `rpc.client.*` |  |  |  | ● | ● |  |  |  |
        | metrics: `rpc.server.*` |  | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.access_tokens.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.cart.*` |  |  |  | ● |  |  |  |  |
        | metrics: `shop.carts.*` |  |  |  | ● |  |  |  |  |
        | metrics: `shop.checkout.*` |  |  |  |  | ● |  |  |  |
        | metrics: `shop.console.*` |  |  |  |  |  |  |  | ● |
        | metrics: `shop.db.*` |  | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.event_loop.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.executor.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.http.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.http2.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.invariant.*` |  |  | ● |  | ● |  |  |  |
        | metrics: `shop.lab.*` |  |  |  |  |  |  | ● |  |
        | metrics: `shop.load.*` |  |  |  |  |  | ● |  |  |
        | metrics: `shop.log.*` | ● | ● | ● | ● | ● | ● | ● | ● |
        | metrics: `shop.login.*` |  | ● |  |  |  |  |  |  |
        | metrics: `shop.logins.*` |  | ● |  |  |  |  |  |  |
        | metrics: `shop.low_stock.*` |  |  | ● |  |  |  |  |  |
        | metrics: `shop.order.*` |  |  |  |  | ● |  |  |  |
        | metrics: `shop.orders.*` |  |  |  |  | ● |  |  |  |
        | metrics: `shop.payments.*` |  |  |  |  | ● |  |  |  |
        | metrics: `shop.process.*` | ● | ● | ● | ● | ● | ● | ● | ● |
        | metrics: `shop.product.*` |  |  | ● |  |  |  |  |  |
        | metrics: `shop.rate_limiter.*` | ● |  |  |  |  |  |  |  |
        | metrics: `shop.saga.*` |  |  |  |  | ● |  |  |  |
        | metrics: `shop.sessions.*` |  | ● |  |  |  |  |  |  |
        | metrics: `shop.signing_keys.*` |  | ● |  |  |  |  |  |  |
        | metrics: `shop.stock.*` |  |  | ● |  |  |  |  |  |
        | metrics: `shop.telemetry.*` | ● | ● | ● | ● | ● | ● | ● | ● |
        | metrics: `shop.tls.*` | ● | ● | ● | ● | ● |  |  |  |
        | metrics: `shop.token.*` |  | ● |  |  |  |  |  |  |
        | metrics: `shop.users.*` |  | ● |  |  |  |  |  |  |
        """
}
