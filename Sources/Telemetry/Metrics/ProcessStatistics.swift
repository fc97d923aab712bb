import CSystem
import Glibc
import Synchronization

/// What the kernel says about this process (proc(5)).
struct ProcessStatistics: Sendable {
    let cpuSeconds: Double
    let threads: Int
    let startTicks: Double
    let virtualBytes: Int
    let residentBytes: Int

    /// The last reading and its monotonic time: the several metrics of one scrape share it.
    private static let latest = Mutex<(at: UInt64, statistics: ProcessStatistics)?>(nil)
    private static let ageNanosecondsMax: UInt64 = 50_000_000

    static func recent() -> ProcessStatistics? {
        let now = vitrine_monotonic_nanoseconds()
        return Self.latest.withLock { latest in
            if let latest, now &- latest.at < Self.ageNanosecondsMax { return latest.statistics }
            latest = Self.read().map { (now, $0) }
            return latest?.statistics
        }
    }

    private static func read() -> ProcessStatistics? {
        guard let text = self.contents("/proc/self/stat") else { return nil }
        // The second field is the program's name in parentheses and may hold anything; the rest is plain numbers.
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 21 else { return nil }
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return ProcessStatistics(
            cpuSeconds: ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ticks,
            threads: Int(fields[17]) ?? 0, startTicks: (Double(fields[19]) ?? 0) / ticks,
            virtualBytes: Int(fields[20]) ?? 0, residentBytes: (Int(fields[21]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Boot time plus the start in seconds since boot.
    static let startUnixSeconds: Double? = {
        guard let statistics = Self.read(), let text = Self.contents("/proc/stat") else { return nil }
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }) else { return nil }
        return Double(line.dropFirst(6)).map { $0 + statistics.startTicks }
    }()

    static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return max(0, count - 3)  // ".", ".." and the descriptor of the folder itself.
    }

    static func descriptorsMax() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }

    static func contents(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 { bytes.append(contentsOf: chunk[..<count]) } else if count == 0 || errno != EINTR { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
