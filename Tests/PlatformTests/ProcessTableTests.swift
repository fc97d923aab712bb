import Glibc
import Lab
import ServiceKit
import Testing

@testable import vitrine

/// What the supervisor decides, with instants picked by hand.
@Suite("What is done about the lab's processes")
struct ProcessTableTests {
    private static let product = LabMember.service(ServiceInstance(.product))
    private static let start = ContinuousClock.now

    private static func running() -> ProcessTable {
        var table = ProcessTable()
        table.started(self.product, pid: 7, now: self.start)
        table.allAreReady()
        return table
    }

    private func phase(_ table: ProcessTable) -> ProcessTable.Phase? { table.entries.first?.phase }

    @Test("A process that dies is started again, and a line says so")
    func death() {
        var table = Self.running()
        let (actions, line) = table.ended(7, .signal(9), now: Self.start.advanced(by: .seconds(60)))
        #expect(actions == [.start(Self.product, after: .milliseconds(100))])
        #expect(line == "product (pid 7) was ended by signal 9; starting it again in 0.1 seconds")
        #expect(table.mayStart(Self.product))
        table.started(Self.product, pid: 8, now: Self.start.advanced(by: .seconds(61)))
        #expect(!table.mayStart(Self.product))
        #expect(table.entries.map(\.pid) == [8])
    }

    @Test("A held process is killed, is no crash, and comes back at the end of its time")
    func hold() throws {
        var table = Self.running()
        let actions = try table.ask(.hold, of: Self.product, for: .seconds(5), now: Self.start)
        #expect(
            actions == [.signal(7, SIGKILL), .expire(Self.product, generation: 1, after: .seconds(5))])
        let (more, line) = table.ended(7, .signal(9), now: Self.start.advanced(by: .seconds(1)))
        #expect(more.isEmpty)
        #expect(line == nil)
        #expect(!table.mayStart(Self.product))
        #expect(table.expired(Self.product, generation: 1) == [.start(Self.product, after: .zero)])
        #expect(table.mayStart(Self.product))
    }

    @Test("Released before it has gone, it starts when it is gone, without delay")
    func releaseBeforeTheEnd() throws {
        var table = Self.running()
        _ = try table.ask(.hold, of: Self.product, for: .seconds(5), now: Self.start)
        #expect(try table.ask(.release, of: Self.product, for: .zero, now: Self.start).isEmpty)
        #expect(table.ended(7, .signal(9), now: Self.start).actions == [.start(Self.product, after: .zero)])
        // The time of the hold runs out later, and means nothing any more.
        #expect(table.expired(Self.product, generation: 1).isEmpty)
    }

    @Test("A later hold replaces the time of an earlier one")
    func extended() throws {
        var table = Self.running()
        _ = try table.ask(.hold, of: Self.product, for: .seconds(5), now: Self.start)
        _ = table.ended(7, .signal(9), now: Self.start)
        let again = try table.ask(.hold, of: Self.product, for: .seconds(9), now: Self.start.advanced(by: .seconds(4)))
        #expect(again == [.expire(Self.product, generation: 2, after: .seconds(9))])
        #expect(table.expired(Self.product, generation: 1).isEmpty)
        #expect(self.phase(table) == .held)
        #expect(!table.expired(Self.product, generation: 2).isEmpty)
    }

    @Test("A paused process is stopped, and continued at the end of its time")
    func pause() throws {
        var table = Self.running()
        let actions = try table.ask(.pause, of: Self.product, for: .seconds(5), now: Self.start)
        #expect(
            actions == [.signal(7, SIGSTOP), .expire(Self.product, generation: 1, after: .seconds(5))])
        #expect(self.phase(table) == .paused)
        #expect(table.expired(Self.product, generation: 1) == [.signal(7, SIGCONT)])
        #expect(self.phase(table) == .running)
        #expect(table.entries.first?.until == nil)
    }

    @Test("One that is killed while paused is a crash like any other, and its pause is over")
    func deathWhilePaused() throws {
        var table = Self.running()
        _ = try table.ask(.pause, of: Self.product, for: .seconds(5), now: Self.start)
        let (actions, line) = table.ended(7, .signal(9), now: Self.start.advanced(by: .seconds(30)))
        #expect(actions == [.start(Self.product, after: .milliseconds(100))])
        #expect(line != nil)
        table.started(Self.product, pid: 8, now: Self.start)
        #expect(table.expired(Self.product, generation: 1).isEmpty)
        #expect(self.phase(table) == .running)
    }

    @Test("A restart that was asked for comes without delay, and is no crash")
    func restart() throws {
        var table = Self.running()
        let asked = try table.ask(.restart, of: Self.product, for: .zero, now: Self.start)
        #expect(asked == [.signal(7, SIGTERM)])
        let (actions, line) = table.ended(7, .status(0), now: Self.start)
        #expect(actions == [.start(Self.product, after: .zero)])
        #expect(line == nil)
    }

    @Test("What cannot be done is refused with the reason")
    func refusals() throws {
        var table = Self.running()
        #expect(throws: ProcessTable.Refusal(reason: "there is no process product-2")) {
            try table.ask(.kill, of: .service(ServiceInstance(.product, number: 2)), for: .zero, now: Self.start)
        }
        _ = try table.ask(.hold, of: Self.product, for: .seconds(5), now: Self.start)
        for request: ProcessTable.Request in [.pause, .kill, .restart] {
            #expect(throws: ProcessTable.Refusal(reason: "product is held")) {
                try table.ask(request, of: Self.product, for: .seconds(1), now: Self.start)
            }
        }
        table.beginStopping()
        #expect(throws: ProcessTable.Refusal(reason: "the lab is starting or stopping")) {
            try table.ask(.hold, of: Self.product, for: .seconds(1), now: Self.start)
        }
        #expect(table.ended(7, .signal(9), now: Self.start).actions.isEmpty)
        #expect(!table.mayStart(Self.product))
    }

    @Test("One that gives up before all are ready is not started again")
    func givenUp() {
        var table = ProcessTable()
        table.started(Self.product, pid: 7, now: Self.start)
        #expect(table.ended(7, .status(1), now: Self.start).actions.isEmpty)
        #expect(table.givenUp == Self.product)
    }
}

@Suite("The lab's instances")
struct LabInstancesTests {
    @Test("Further instances are ten ports up, and callers are told of all")
    func ports() throws {
        let topology = LabTopology(
            folder: "/nowhere", portBase: 8000, instances: [.product: 3], environment: ["INTERNAL_AUTH_TOKEN": "t"])
        #expect(
            topology.processes.map(\.description) == [
                "user", "product", "product-2", "product-3", "cart", "order", "gateway",
            ])
        let third = ServiceInstance(.product, number: 3)
        #expect(topology.port(of: third) == 8022)
        #expect(topology.adminPort(of: third) == 9022)
        let variables = try topology.variables(for: third)
        #expect(variables["VITRINE_PORT"] == "8022")
        #expect(variables["VITRINE_ADMIN_PORT"] == "9022")
        #expect(
            try topology.variables(for: .gateway)["VITRINE_PRODUCT_URL"]
                == "http://127.0.0.1:8002,http://127.0.0.1:8012,http://127.0.0.1:8022")
    }

    @Test(
        "Only product can have several, and nine at most",
        arguments: ["cart=2", "product=10", "product=0", "product", "shop=2"])
    func refused(text: String) {
        #expect(throws: UsageError.self) { try UpCommand.instances(text) }
    }

    @Test("One of each is what there is anyway")
    func accepted() throws {
        #expect(try UpCommand.instances("product=3,cart=1") == [.product: 3, .cart: 1])
        #expect(try UpCommand.instances("") == [:])
    }
}
