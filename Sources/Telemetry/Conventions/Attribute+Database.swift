/// Source: OpenTelemetry semantic conventions, "Database".
extension Attribute {
    @inlinable
    public static var dbSystemName: AttributeKey<String> {
        .init("db.system.name", .stable, "The kind of database: `sqlite`, `postgresql`.")
    }
    @inlinable
    public static var dbNamespace: AttributeKey<String> {
        .init("db.namespace", .stable, "The database: the name of its file without its ending.")
    }
    @inlinable
    public static var dbOperationName: AttributeKey<String> {
        .init("db.operation.name", .stable, "The kind of statement that matters most: `SELECT`.")
    }
    @inlinable
    public static var dbCollectionName: AttributeKey<String> { .init("db.collection.name", .stable, "The main table.") }
    @inlinable
    public static var dbOperationBatchSize: AttributeKey<Int> {
        .init("db.operation.batch.size", .stable, "Operations sent together, from 2.")
    }
    @inlinable
    public static var dbResponseReturnedRows: AttributeKey<Int> {
        .init("db.response.returned_rows", .development, "Rows that came back.")
    }
    @inlinable
    public static var dbResponseStatusCode: AttributeKey<String> {
        .init("db.response.status_code", .stable, "The database's own code of an error.")
    }
    @inlinable
    public static var dbQuerySummary: AttributeKey<String> {
        .init("db.query.summary", .stable, "The operation and its table: `SELECT products`.")
    }
    @inlinable
    public static var dbPoolName: AttributeKey<String> {
        .init("db.client.connection.pool.name", .development, "The pool of connections: a database and what it is for.")
    }
    @inlinable
    public static var dbConnectionState: AttributeKey<String> {
        .init("db.client.connection.state", .development, "Whether a connection is `idle` or `used`.")
    }

    /// All of this file.
    static var database: [any DeclaredAttribute] {
        [
            dbSystemName, dbNamespace, dbOperationName, dbCollectionName, dbOperationBatchSize,
            dbResponseReturnedRows, dbResponseStatusCode, dbQuerySummary, dbPoolName, dbConnectionState,
        ]
    }
}
