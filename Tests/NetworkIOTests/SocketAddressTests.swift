import NetworkIO
import Testing

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test(
        "Numeric hosts are parsed and printed in their canonical form",
        arguments: [
            ("127.0.0.1", 80, "127.0.0.1", "127.0.0.1:80"),
            ("0.0.0.0", 0, "0.0.0.0", "0.0.0.0:0"),
            ("255.255.255.255", 65_535, "255.255.255.255", "255.255.255.255:65535"),
            ("::1", 8_080, "::1", "[::1]:8080"),
            ("2001:DB8:0:0:0:0:0:1", 1, "2001:db8::1", "[2001:db8::1]:1"),
            ("::ffff:10.0.0.7", 2, "10.0.0.7", "[10.0.0.7]:2"),
            ("::", 3, "::", "[::]:3"),
        ])
    func parses(text: String, port: Int, host: String, description: String) throws {
        let address = try #require(SocketAddress(numericHost: text, port: port))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.description == description)
    }

    @Test(
        "Names and malformed hosts are no addresses",
        arguments: [
            "", "localhost", "127.0.0", "127.0.0.1.", "256.0.0.1", "01.2.3.4", ":::", "1::2::3", "[::1]", "::1%lo",
            " ::1",
        ])
    func refuses(text: String) {
        #expect(SocketAddress(numericHost: text, port: 80) == nil)
    }

    @Test("Ports outside 0 to 65535 are refused", arguments: [-1, 65_536, .max, .min])
    func refusesPorts(port: Int) {
        #expect(SocketAddress(numericHost: "127.0.0.1", port: port) == nil)
        #expect(SocketAddress(numericHost: "::1", port: port) == nil)
    }

    @Test("Addresses are equal when host and port are")
    func compares() {
        #expect(SocketAddress(numericHost: "::1", port: 1) == SocketAddress(numericHost: "0:0::1", port: 1))
        #expect(SocketAddress(numericHost: "::1", port: 1) != SocketAddress(numericHost: "::1", port: 2))
    }
}

@Suite("Name resolution", .timeLimit(.minutes(1)))
struct NameResolverTests {
    private func withResolver(_ body: (NameResolver, BlockingExecutor) async throws -> Void) async throws {
        let executor = BlockingExecutor(name: "test", threads: 1, queueLimit: 10)
        defer { executor.close() }
        try await body(NameResolver(executor: executor), executor)
    }

    @Test("localhost is this machine")
    func findsLocalhost() async throws {
        try await self.withResolver { resolver, _ in
            let addresses = try await resolver.resolve("localhost", port: 4_711)
            #expect(!addresses.isEmpty)
            #expect(addresses.allSatisfy { ["127.0.0.1", "::1"].contains($0.host) && $0.port == 4_711 })
            #expect(Set(addresses).count == addresses.count)
        }
    }

    @Test("Numeric hosts need no look-up")
    func passesNumbers() async throws {
        try await self.withResolver { resolver, executor in
            executor.close()
            let addresses = try await resolver.resolve("127.0.0.1", port: 80)
            #expect(addresses.map(\.description) == ["127.0.0.1:80"])
        }
    }

    @Test("A known name is not asked for again while its answer is fresh")
    func remembers() async throws {
        try await self.withResolver { resolver, executor in
            let first = try await resolver.resolve("localhost", port: 80)
            executor.close()
            #expect(try await resolver.resolve("localhost", port: 80) == first)
            await #expect(throws: BlockingExecutorError.closed) { try await resolver.resolve("localhost", port: 81) }
        }
    }

    @Test("An answer that has aged serves on when the look-up fails")
    func servesStale() async throws {
        let executor = BlockingExecutor(name: "test", threads: 1, queueLimit: 10)
        let resolver = NameResolver(executor: executor, lifetime: .zero)
        let first = try await resolver.resolve("localhost", port: 80)
        executor.close()
        #expect(try await resolver.resolve("localhost", port: 80) == first)
    }

    @Test("A name that cannot be is an error that says which")
    func failsForUnknownNames() async throws {
        try await self.withResolver { resolver, _ in
            let error = await #expect(throws: NameResolutionError.self) {
                try await resolver.resolve("no..such.name", port: 80)
            }
            #expect(error?.host == "no..such.name")
        }
    }
}
