import Glibc
import JSON
import Routing
import SQLite
import ServiceKit
import Testing

@testable import UserService

extension UserFixture {
    private func inspect<R: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> R) throws -> R {
        let connection = try SQLiteConnection(
            path: "\(self.platform.dataFolder)/user.sqlite", options: SQLiteOptions(mode: .readOnly))
        return try body(connection)
    }

    func rowCount(_ table: String) async throws -> Int {
        try self.inspect { try $0.first(SQL(dynamic: "SELECT count(*) FROM \(table)")) { $0.int(0) } ?? 0 }
    }

    func passwordHash(of email: String) async throws -> String {
        try self.inspect {
            try $0.first("SELECT password_hash FROM users WHERE email = ?", [.text(email)]) { $0.text(0) } ?? ""
        }
    }

    /// Whether any file of the service holds these bytes.
    func filesContain(_ text: String) async throws -> Bool {
        for name in try FileList.names(in: self.platform.dataFolder) {
            let bytes = try FileList.bytes(of: "\(self.platform.dataFolder)/\(name)")
            if bytes.firstRange(of: Array(text.utf8)) != nil { return true }
        }
        return false
    }
}

/// What is in a folder.
enum FileList {
    struct Unreadable: Error { let path: String }

    static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw Unreadable(path: folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    static func bytes(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}

/// Reads a token without verifying it.
enum AccessTokenReader {
    static func header(of token: String) throws -> JSONValue { try Self.part(0, of: token) }
    static func claims(of token: String) throws -> JSONValue { try Self.part(1, of: token) }
    static func keyID(of token: String) throws -> String { try #require(try Self.header(of: token).at("kid").text) }

    private static func part(_ index: Int, of token: String) throws -> JSONValue {
        let parts = token.split(separator: ".")
        try #require(parts.count == 3)
        return try JSONValue(parsing: Self.decode(parts[index]))
    }

    private static func decode(_ text: Substring) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var bytes: [UInt8] = []
        var bits = 0
        var held = 0
        for byte in text.utf8 {
            guard let value = alphabet.firstIndex(of: byte) else { return [] }
            held = held << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return bytes
    }
}

extension User {
    static let sample = User(
        id: "01900000-0000-7000-8000-000000000001", email: EmailAddress("ada@example.com")!,
        name: PersonName(), role: .customer, createdAt: 0, updatedAt: 0)
}

/// Processor time of the calling thread, which a busy machine does not stretch.
enum ThreadTime {
    static func spent(_ body: () -> Void) -> Int {
        let start = Self.nanoseconds()
        body()
        return Self.nanoseconds() - start
    }

    private static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
