import Persistence
import SQLite
import ServiceKit

/// The service's database.
enum UserStore {
    /// Tokens and accounts survive a power cut: an acknowledged registration must not vanish, nor a spent token come
    /// back.
    static func open(_ platform: ServicePlatform) throws -> Database {
        try platform.openDatabase(namespace: "user", durability: .full, migrations: UserMigrations.all)
    }

    /// What is wrong with the database, or nil.
    static func problem(_ database: Database) -> String? {
        do {
            _ = try database.readOnLoop(UserOperations.selectUsers) {
                try $0.first("SELECT 1 FROM users LIMIT 1") { $0.int(0) }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
