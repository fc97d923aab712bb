import Chaos
import Glibc
import Synchronization

/// Shows how a run stands: one line that is drawn again on a terminal, a line now and then elsewhere.
final class ChaosProgress: Sendable {
    private struct State: Sendable {
        var event: String?
        var lastLine = -10.0
        var isDrawn = false
    }
    private let state = Mutex(State())
    private let isInteractive = Terminal.isInteractive

    /// Seconds between two lines where nothing can be drawn again.
    private static let lineInterval = 5.0

    func show(_ snapshot: ProgressSnapshot) {
        let text = self.state.withLock { state -> String in
            var text = ""
            if let event = snapshot.event, event != state.event {
                state.event = event
                text = self.isInteractive ? "\r\u{1B}[K" : ""
                text += "  \(event)\n"
            }
            if self.isInteractive {
                text += "\r\u{1B}[K  \(snapshot.line)"
                state.isDrawn = true
            } else if snapshot.seconds - state.lastLine >= Self.lineInterval {
                state.lastLine = snapshot.seconds
                text += "  \(snapshot.line)\n"
            }
            return text
        }
        print(text, terminator: "")
        // What has no line feed would otherwise wait for one.
        fflush(nil)
    }

    func end() {
        if self.state.withLock({ $0.isDrawn }) { print("\r\u{1B}[K", terminator: "") }
    }
}
