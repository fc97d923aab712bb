/// Source: OpenTelemetry semantic conventions, "Database" (stable).
extension Attribute {
    /// `db.system.name`: `sqlite`, `postgresql`.
    public static func dbSystemName(_ name: String) -> Attribute { .init("db.system.name", name) }
    /// `db.namespace`: the database.
    public static func dbNamespace(_ name: String) -> Attribute { .init("db.namespace", name) }
    /// `db.operation.name`: `SELECT`.
    public static func dbOperationName(_ name: String) -> Attribute { .init("db.operation.name", name) }
    /// `db.collection.name`: the table.
    public static func dbCollectionName(_ name: String) -> Attribute { .init("db.collection.name", name) }
    /// `db.operation.batch.size`: operations sent together, from 2.
    public static func dbOperationBatchSize(_ size: Int) -> Attribute { .init("db.operation.batch.size", size) }
    /// `db.response.returned_rows`
    public static func dbResponseReturnedRows(_ rows: Int) -> Attribute { .init("db.response.returned_rows", rows) }
    /// `db.response.status_code`: the store's own error code.
    public static func dbResponseStatusCode(_ code: String) -> Attribute { .init("db.response.status_code", code) }
    /// `db.query.summary`: `SELECT products`.
    public static func dbQuerySummary(_ summary: String) -> Attribute { .init("db.query.summary", summary) }
}
