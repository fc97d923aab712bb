import SQLite

/// What an acknowledged write survives.
public enum Durability: Sendable, Hashable {
    /// A power cut: every commit waits for the disk (`synchronous=FULL`).
    case full
    /// The end of the process, not of the power: commits wait at checkpoints only (`synchronous=NORMAL`).
    case normal

    var synchronous: SQLiteOptions.Synchronous {
        switch self {
        case .full: .full
        case .normal: .normal
        }
    }
}
