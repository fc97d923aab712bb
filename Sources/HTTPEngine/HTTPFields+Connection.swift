import HTTPCore

extension HTTPFieldNameSet {
    /// Fields that the engine writes itself, for this connection and this message. An answer that was taken over from
    /// another connection may still hold that one's.
    static let connection = HTTPFieldNameSet([
        .connection, .contentLength, .date, .keepAlive, .transferEncoding,
    ])

    static let connectionButLength = HTTPFieldNameSet([.connection, .date, .keepAlive, .transferEncoding])

    /// Fields that say where a message ends and what becomes of its connection.
    static let framing = HTTPFieldNameSet([.connection, .contentLength, .keepAlive, .transferEncoding])
}
