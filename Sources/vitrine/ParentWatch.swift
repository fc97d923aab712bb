import CSystem
import Glibc

/// Ends this process with the one that started it.
enum ParentWatch {
    /// A child of `vitrine up` or `vitrine chaos` drains when its supervisor is gone, however that ended: no orphan is
    /// left.
    static func follow() {
        guard let text = getenv("VITRINE_SUPERVISOR"), let parent = Int32(String(cString: text)) else { return }
        _ = vitrine_set_parent_death_signal(SIGTERM)
        // It may have died before the call above.
        if getppid() != parent { exit(1) }
    }
}
