import CartService
import Gateway
import Glibc
import OrderService
import ProductService
import ServiceKit
import UserService

/// `vitrine telemetry`: the reference of everything the platform emits.
enum TelemetryCommand {
    static func run(_ arguments: [String]) async throws {
        let options = try Options(arguments)
        try options.requireOperands(atMost: 0)
        print(TelemetryDocument(try await self.inventories()).markdown, terminator: "")
    }

    /// Each service, built over an empty folder and asked; the made-up customers, the supervisor and the console.
    static func inventories() async throws -> [ProcessInventory] {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        // Nothing of the machine: the document is the same everywhere.
        let environment = [
            "INTERNAL_AUTH_TOKEN": "not used without listeners", "VITRINE_DATA": folder.path, "VITRINE_LOOPS": "1",
            "VITRINE_LAB": "1", "VITRINE_BCRYPT_COST": "4", "VITRINE_FAULTS": "1", "OTEL_LOGS_EXPORTER": "otlp",
        ]
        func take<S: ShopService>(_ service: S.Type) async throws -> ProcessInventory {
            try await ProcessInventory.take(service, environment: environment, version: Version.current)
        }
        return [
            try await take(GatewayService.self), try await take(UserService.self),
            try await take(ProductService.self), try await take(CartService.self), try await take(OrderService.self),
            try LoadAdmin.inventory(), try LabTelemetry.inventory(), try ConsoleCommand.inventory(),
        ]
    }
}

/// A folder for files of a moment.
struct ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/vitrine-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CommandFailure("/tmp: cannot make a folder there") }
        self.path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    func remove() { Self.remove(self.path) }

    private static func remove(_ path: String) {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            // What cannot be unlinked is a folder.
            if unlink("\(path)/\(name)") != 0 { self.remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
