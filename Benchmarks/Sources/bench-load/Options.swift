import Glibc

/// The command line.
struct Options {
    var port: UInt16 = 0
    var path = "/"
    var method = "GET"
    var fields: [String] = []
    var body = ""
    /// Arrivals a second.
    var rate = 1_000
    /// How long arrivals are counted, after the warm-up.
    var seconds = 5
    /// Arrivals of the first seconds are sent and not counted.
    var warmUpSeconds = 1
    var connections = 32
    /// What `first-answer` starts.
    var command: [String] = []

    static let usage = """
        usage: bench-load latency --port N [--path P] [--method M] [--field 'name: value']… [--body B]
                                  [--rate N] [--seconds N] [--warm-up N] [--connections N]
               bench-load first-answer --port N [--path P] [--field 'name: value']… -- command…
        """

    init(_ arguments: ArraySlice<String>) throws(UsageError) {
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--" {
                self.command = Array(rest)
                return
            }
            guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
            switch name {
            case "--port": self.port = UInt16(try Self.number(name, value, in: 1...65_535))
            case "--path": self.path = value
            case "--method": self.method = value
            case "--field": self.fields.append(value)
            case "--body": self.body = value
            case "--rate": self.rate = try Self.number(name, value, in: 1...1_000_000)
            case "--seconds": self.seconds = try Self.number(name, value, in: 1...120)
            case "--warm-up": self.warmUpSeconds = try Self.number(name, value, in: 0...60)
            case "--connections": self.connections = try Self.number(name, value, in: 1...1_000)
            default: throw UsageError("there is no \(name)")
            }
        }
        if self.port == 0 { throw UsageError("--port is missing") }
    }

    private static func number(_ name: String, _ text: String, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw UsageError("\(name): '\(text)' is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The bytes of one request.
    var request: [UInt8] {
        var text = "\(self.method) \(self.path) HTTP/1.1\r\nhost: 127.0.0.1:\(self.port)\r\n"
        for field in self.fields { text += "\(field)\r\n" }
        if !self.body.isEmpty {
            if !self.fields.contains(where: { $0.hasPrefix("content-type:") }) {
                text += "content-type: application/json\r\n"
            }
            text += "content-length: \(self.body.utf8.count)\r\n"
        }
        return Array("\(text)\r\n\(self.body)".utf8)
    }
}

struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
