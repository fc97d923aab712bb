public import HTTPCore

/// Finds the route of a request: a trie over path segments, matched on the path's bytes without making strings.
///
/// A literal segment wins over a parameter in the same place. Paths are matched as they were sent, percent-encoded;
/// an empty segment or a trailing slash matches nothing.
public struct Router: Sendable {
    public enum Match: Sendable {
        case found(Route, PathParameters)
        /// The path is known, with other methods: the value of `allow`.
        case methodNotAllowed(String)
        case notFound
    }

    public let routes: [Route]
    private var nodes: [Node] = [Node()]

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [Route] = []
    }

    public init(_ table: RouteTable) {
        self.routes = table.routes
        for route in table.routes { self.insert(route) }
    }

    private mutating func insert(_ route: Route) {
        var node = 0
        for segment in route.template.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false) {
            let parent = node
            if segment.first == 0x7B {
                node = self.nodes[parent].parameter ?? self.addNode()
                self.nodes[parent].parameter = node
            } else if let known = self.nodes[node].literals.first(where: { $0.segment.elementsEqual(segment) }) {
                node = known.node
            } else {
                node = self.addNode()
                self.nodes[parent].literals.append((Array(segment), node))
            }
        }
        precondition(
            !self.nodes[node].routes.contains { $0.method == route.method },
            "route \(route.spanName) matches the same paths as one before it")
        self.nodes[node].routes.append(route)
    }

    private mutating func addNode() -> Int {
        self.nodes.append(Node())
        return self.nodes.count - 1
    }

    /// - Parameter path: begins with `/`, without the query.
    public func match(_ method: HTTPMethod, _ path: String) -> Match {
        var path = path
        return path.withUTF8 { bytes in
            guard bytes.first == 0x2F else { return .notFound }
            var parameters = PathParameters()
            guard let node = self.find(bytes, from: 1, node: 0, &parameters) else { return .notFound }
            return self.choose(method, self.nodes[node].routes, parameters)
        }
    }

    private func find(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, node: Int, _ parameters: inout PathParameters
    ) -> Int? {
        var end = start
        while end < bytes.count && bytes[end] != 0x2F { end += 1 }
        let isLast = end == bytes.count
        let segment = UnsafeBufferPointer(rebasing: bytes[start..<end])
        for literal in self.nodes[node].literals where literal.segment.count == segment.count {
            guard literal.segment.elementsEqual(segment) else { continue }
            if isLast {
                if !self.nodes[literal.node].routes.isEmpty { return literal.node }
                // Only the way to longer templates: a parameter in this place may still take the segment.
                break
            }
            let kept = parameters
            if let found = self.find(bytes, from: end + 1, node: literal.node, &parameters) { return found }
            parameters = kept
        }
        guard let child = self.nodes[node].parameter, !segment.isEmpty else { return nil }
        parameters.append(start..<end)
        if isLast { return self.nodes[child].routes.isEmpty ? nil : child }
        return self.find(bytes, from: end + 1, node: child, &parameters)
    }

    private func choose(_ method: HTTPMethod, _ routes: [Route], _ parameters: PathParameters) -> Match {
        for route in routes where route.method == method { return .found(route, parameters) }
        // HEAD is GET without the body (RFC 9110, section 9.3.2); the engine leaves the body out.
        if method == .head, let route = routes.first(where: { $0.method == .get }) { return .found(route, parameters) }
        var names = routes.map(\.method.name)
        if names.contains("GET") { names.append("HEAD") }
        return .methodNotAllowed(names.joined(separator: ", "))
    }
}

/// Where in the path the route's parameters stand, in order.
public struct PathParameters: Sendable {
    static let most = 4
    private var ranges: (Range<Int>, Range<Int>, Range<Int>, Range<Int>) = (0..<0, 0..<0, 0..<0, 0..<0)
    public private(set) var count = 0

    public init() {}

    mutating func append(_ range: Range<Int>) {
        switch self.count {
        case 0: self.ranges.0 = range
        case 1: self.ranges.1 = range
        case 2: self.ranges.2 = range
        case 3: self.ranges.3 = range
        default: return
        }
        self.count += 1
    }

    /// The bytes of the path that the parameter at `index` takes.
    public subscript(_ index: Int) -> Range<Int> {
        switch index {
        case 0: self.ranges.0
        case 1: self.ranges.1
        case 2: self.ranges.2
        default: self.ranges.3
        }
    }
}
