/// One forward step of a schema. Once released it never changes: what follows goes into the next one.
public struct Migration: Sendable, Hashable {
    /// Position, from 1, rising.
    public let version: Int
    /// A short name for people, such as `create products`.
    public let name: String
    /// One or more statements, run in one transaction with foreign keys checked at its end.
    public let sql: String

    public init(_ version: Int, _ name: String, _ sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// 64-bit FNV-1a of the statements, in hexadecimal: it finds an edit made by mistake and protects from nobody.
    ///
    /// - SeeAlso: RFC 9923 (FNV), 64-bit parameters.
    var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in self.sql.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
