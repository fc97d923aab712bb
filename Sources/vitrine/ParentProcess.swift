import CSystem
import Glibc

/// The supervisor that started this process, if one did.
enum ParentProcess {
    /// A child of `vitrine up` drains when its supervisor is gone, however that ended: no orphan is left.
    static func follow() {
        guard let text = getenv("VITRINE_SUPERVISOR"), let parent = Int32(String(cString: text)) else { return }
        _ = vitrine_set_parent_death_signal(SIGTERM)
        // It may have died before the call above.
        if getppid() != parent { exit(1) }
    }
}
