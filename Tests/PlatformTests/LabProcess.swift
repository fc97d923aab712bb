import Chaos
import Glibc
import HTTPCore
import HTTPEngine
import NetworkIO
import ServiceTesting
import TelemetryTesting
import Synchronization

/// `vitrine up`, or another command, in a process of its own; the lab in a temporary folder and on ports of its own.
final class LabProcess: Sendable {
    let pid: pid_t
    let portBase: Int
    let folder: TemporaryFolder
    private let text = Mutex("")
    /// Whether the other end of the pipe is closed and everything in it has been read.
    private let isRead = Atomic(false)
    private let reader: BlockingExecutor

    /// - Parameters:
    ///   - options: of `vitrine up`; without made-up customers unless a test is about them.
    ///   - isMonitored: whether Prometheus and Alertmanager may run beside it.
    convenience init(
        folder: TemporaryFolder = TemporaryFolder(), portBase: Int = FreePorts.base(),
        options: [String] = ["--no-load"],
        isMonitored: Bool = false
    ) throws {
        let command = ["up", "--data", folder.path, "--port-base", String(portBase)]
        try self.init(
            command: command + options + (isMonitored ? [] : ["--no-monitoring"]), folder: folder, portBase: portBase)
    }

    /// - Parameter command: arguments of `vitrine`.
    init(command: [String], folder: TemporaryFolder = TemporaryFolder(), portBase: Int = 0) throws {
        self.folder = folder
        self.portBase = portBase
        self.reader = BlockingExecutor(name: "lab", threads: 2, queueLimit: 64)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw IOError(.system(errno), in: "pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.pid = try Self.spawn(command, output: ends[1])
        close(ends[1])
        let readEnd = ends[0]
        _ = self.reader.submit { [self] in self.readAll(readEnd) }
    }

    private static func spawn(_ arguments: [String], output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var argv: [UnsafeMutablePointer<CChar>?] = (["vitrine"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, self.binary, &actions, nil, &argv, environ)
        guard code == 0 else { throw IOError(.system(code), in: "posix_spawn") }
        return pid
    }

    /// The executable that was built along with the tests: beside the test bundle.
    static let binary: String = {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        var candidates: [String] = []
        if count > 0 {
            let own = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            candidates.append(own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/vitrine")
        }
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let parts = argument.split(separator: "/")
            if let end = parts.firstIndex(where: { $0.hasSuffix(".xctest") }) {
                candidates.append(parts[..<end].reduce("") { "\($0)/\($1)" } + "/vitrine")
            }
        }
        candidates.append(".build/debug/vitrine")
        return candidates.first { access($0, X_OK) == 0 } ?? ".build/debug/vitrine"
    }()

    private func readAll(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            self.text.withLock { $0 += String(decoding: bytes[..<count], as: UTF8.self) }
        }
        close(descriptor)
        self.isRead.store(true, ordering: .releasing)
    }

    /// What `lab.json` says now, and the secret that its control asks for.
    func lab() throws -> (file: LabFile, driver: LabDriver, client: AdminClient) {
        let client = try AdminClient(token: try Self.contents("\(self.folder.path)/internal-token"))
        let file = try LabFile(parsing: Array(try Self.contents("\(self.folder.path)/lab.json").utf8))
        return (file, LabDriver(control: file.control, client: client), client)
    }

    var labFileExists: Bool { access("\(self.folder.path)/lab.json", F_OK) == 0 }

    private static func contents(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IOError(.system(errno), in: "open") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        var text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    func everything() -> String { self.text.withLock { $0 } }

    /// Whether a text has appeared; polled, for a minute at most.
    func output(contains wanted: String) async -> Bool {
        await ProcessWatch.poll(for: .seconds(60)) { self.everything().contains(wanted) }
    }

    /// The exit status, or minus the signal.
    func ended() async -> Int32 {
        let pid = self.pid
        let raw =
            (try? await self.reader.run { () -> Int32 in
                var raw: Int32 = 0
                while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
                return raw
            }) ?? -1
        // What it wrote last may still be in the pipe. A child it left behind may hold the pipe open, for a while.
        _ = await ProcessWatch.poll(for: .seconds(5)) { self.isRead.load(ordering: .acquiring) }
        return raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -(raw & 0x7F)
    }

    /// The processes whose parent is the lab, from /proc.
    func children() -> [(pid: pid_t, arguments: String)] {
        ProcessWatch.all().filter { $0.parent == self.pid }.map { ($0.pid, $0.arguments) }
    }
}

/// What /proc tells of processes.
enum ProcessWatch {
    static func all() -> [(pid: pid_t, parent: pid_t, arguments: String)] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [(pid_t, pid_t, String)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let pid = pid_t(name) else { continue }
            let fields = self.text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 1, fields[0] != "Z", let parent = pid_t(fields[1]) else { continue }
            let arguments = self.text("/proc/\(pid)/cmdline").split(separator: "\0").joined(separator: " ")
            found.append((pid, parent, arguments))
        }
        return found
    }

    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// Whether a process ends within half a minute.
    static func gone(_ pid: pid_t) async -> Bool {
        await self.poll(for: .seconds(30)) { !self.all().contains { $0.pid == pid } }
    }

    /// Asks until it is so; other processes announce nothing that could be waited for.
    static func poll(for limit: Duration, _ isSo: () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while !isSo() {
            if ContinuousClock.now > deadline { return false }
            await Task.yield()
            Glibc.poll(nil, 0, 5)
        }
        return true
    }
}

/// Ten ports in a row and two more for further products, those that are 1000 higher, and those of what monitors a lab,
/// that are free now.
enum FreePorts {
    private static let next = Mutex(20_000 + Int(getpid() % 500) * 10)

    static func base() -> Int {
        self.next.withLock { next in
            while true {
                next += 10
                if next > 29_000 { next = 20_000 }
                let offsets = Array(0..<10) + [12, 22]
                let ports = offsets.flatMap { [next + $0, next + $0 + 1000] } + [next + 1090, next + 1093]
                if ports.allSatisfy({ self.isFree($0) }) { return next }
            }
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// Asks the lab's gateway.
final class LabClient: Sendable {
    private let loops: EventLoopGroup
    private let upstream: HTTPUpstream

    init(port: Int) throws {
        self.loops = try EventLoopGroup(count: 1)
        self.upstream = HTTPUpstream(
            name: "lab", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: port)], loops: self.loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
    }

    deinit { self.loops.stop() }

    private func get(_ path: String) async throws -> HTTPResponse {
        let response = try await self.upstream.send(HTTPRequest(.get, path), deadline: .after(.seconds(10)))
        _ = try await response.body.collect(upTo: 16 << 20)
        return response
    }

    func status(_ path: String) async throws -> Int { try await self.get(path).status.code }

    /// The body of an answer of 200; asked again for a while where the port may not be open yet.
    func text(_ path: String, forSeconds seconds: Int = 0) async throws -> String {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while true {
            do {
                let response = try await self.upstream.send(HTTPRequest(.get, path), deadline: .after(.seconds(10)))
                let body = String(decoding: try await response.body.collect(upTo: 16 << 20), as: UTF8.self)
                if response.status == .ok || ContinuousClock.now > deadline { return body }
            } catch {
                if ContinuousClock.now > deadline { throw error }
            }
            Glibc.poll(nil, 0, 5)
        }
    }

    /// The first answer of a product list that meets a condition; asks for at most a minute.
    func first(where isWanted: (HTTPResponse) -> Bool) async throws -> HTTPResponse {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            let response = try await self.get("/api/v1/products?limit=1")
            if isWanted(response) || ContinuousClock.now > deadline { return response }
        }
    }
}
