import Chaos
import HTTPEngine
import ServiceKit

/// Where experiments run, and the ways to reach it.
struct ChaosPlace {
    let target: Target
    let client: AdminClient
    let driver: any ProcessDriver
    /// The experiment's own, where the services export to it.
    var collector: StubCollector?
    /// Where alerts arrive; nil where none runs.
    let alertmanager: HTTPEndpoint?
    /// Whether it is a lab, with the lab's well-known users.
    let isLab: Bool

    /// Finds what the options name: a running lab, or services by their addresses.
    /// - Throws: `CannotRun`.
    init(_ options: Options) throws {
        switch options.string("target", default: "lab") {
        case "lab": try self.init(labFolder: options.string("data", default: ".vitrine"))
        case "urls": try self.init(urls: options)
        case let other: throw UsageError("--target is lab or urls, not '\(other)'")
        }
    }

    /// - Parameter labFolder: the folder of a running `vitrine up`.
    init(labFolder folder: String) throws {
        let lab: LabFile
        do throws(ExperimentError) {
            lab = try Self.lab(try WholeFile.read("\(folder)/lab.json"))
        } catch {
            throw CannotRun("no lab runs in \(folder): start one with 'vitrine up', or use --lab")
        }
        self.isLab = true
        let topology = LabTopology(folder: folder, environment: ProcessEnvironment.current())
        let token = try topology.token()
        self.client = try AdminClient(token: token)
        self.driver = LabDriver(control: lab.control, client: self.client)
        self.alertmanager = lab.alertmanager
        self.target = Target(
            description: "the lab in \(folder)", gateway: lab.gateway, instances: lab.instances, token: token)
    }

    private static func lab(_ bytes: [UInt8]) throws(ExperimentError) -> LabFile {
        do { return try LabFile(parsing: bytes) } catch { throw ExperimentError(mistakes: [error.description]) }
    }

    private init(urls options: Options) throws {
        let url = options.string("url", default: "http://127.0.0.1:8000")
        guard let gateway = HTTPEndpoint(url: url) else { throw UsageError("--url is http://host:port, not '\(url)'") }
        guard let token = ProcessEnvironment.current()["INTERNAL_AUTH_TOKEN"] else {
            throw CannotRun("INTERNAL_AUTH_TOKEN is not set: faults need the services' own secret")
        }
        self.isLab = false
        self.alertmanager = nil
        let host = options.string("admin-host", default: "127.0.0.1")
        self.client = try AdminClient(token: token)
        self.driver = NoProcessDriver()
        self.target = Target(
            description: "the services behind \(url)", gateway: gateway,
            instances: ServiceName.allCases.map { name in
                Target.Instance(
                    process: name.rawValue, service: name.rawValue, number: 1,
                    admin: HTTPEndpoint(
                        host: host == "{service}" ? name.rawValue : host, port: name.defaultAdminPort))
            }, token: token)
    }
}
