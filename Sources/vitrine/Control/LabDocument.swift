import Glibc
import JSON
import Lab
import ServiceKit
import Synchronization

/// `lab.json`: what runs, for tools that work with the lab. There while the lab is; replaced whole at each change, so
/// that whoever reads it never sees half of one.
final class LabDocument: Sendable {
    private let topology: LabTopology
    private let control = Mutex<String?>(nil)

    var path: String { "\(self.topology.folder)/lab.json" }

    init(topology: LabTopology) { self.topology = topology }

    /// - Parameter control: where `LabControl` listens.
    func open(control: String) { self.control.withLock { $0 = control } }

    /// Writes the present state; nothing before `open` and after `remove`.
    ///
    /// - Parameter entries: asked while no other writer can come between, so that the newest state is written last.
    func write(_ entries: () -> [ProcessTable.Entry]) {
        self.control.withLock { control in
            guard let control else { return }
            let bytes = Self.bytes(entries(), self.topology, control: control, now: .now)
            let draft = self.path + ".new"
            do {
                try SmallFile.write(String(decoding: bytes, as: UTF8.self), to: draft, mode: 0o600)
                if rename(draft, self.path) != 0 { throw CommandFailure("cannot rename \(draft)") }
            } catch {
                Terminal.error("vitrine up: \(error)")
            }
        }
    }

    func remove() {
        self.control.withLock { control in
            control = nil
            unlink(self.path)
        }
    }

    static func bytes(
        _ entries: [ProcessTable.Entry], _ topology: LabTopology, control: String?, now: ContinuousClock.Instant
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.field("pid", Int(getpid()))
        json.field("gateway", "http://127.0.0.1:\(topology.port(of: .gateway))")
        if let control { json.field("control", control) }
        json.key("processes")
        json.beginArray()
        for entry in entries { self.append(entry, topology, to: &json, now: now) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    private static func append(
        _ entry: ProcessTable.Entry, _ topology: LabTopology, to json: inout JSONWriter,
        now: ContinuousClock.Instant
    ) {
        json.beginObject()
        json.field("process", "\(entry.member)")
        if case .service(let instance) = entry.member {
            json.field("service", instance.name.rawValue)
            json.field("instance", instance.number)
            json.field("port", topology.port(of: instance))
            json.field("admin_port", topology.adminPort(of: instance))
        }
        switch entry.member {
        case .service: break
        case .load: json.field("admin_port", topology.loadAdminPort)
        case .prometheus: json.field("port", topology.prometheusPort)
        case .alertmanager: json.field("port", topology.alertmanagerPort)
        case .console:
            json.field("port", topology.consolePort)
            json.field("admin_port", topology.consoleAdminPort)
        }
        json.field("pid", Int(entry.pid))
        json.field("state", entry.phase.rawValue)
        if let until = entry.until {
            json.field("seconds_left", Int(now.duration(to: until).components.seconds))
        }
        json.endObject()
    }
}
