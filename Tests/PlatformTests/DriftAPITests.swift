import HTTPCore
import JSON
import Routing
import Security
import ShellTesting
import Testing

@testable import Gateway

/// The description of the API, the table that routes it, and what is served must say the same.
@Suite("The API's description and the gateway's routes")
struct DriftAPITests {
    /// One operation: method, path, and who may call.
    private struct Operation: Hashable, Comparable, CustomStringConvertible {
        let method: String
        let path: String
        let access: String
        var description: String { "\(self.method) \(self.path) for \(self.access)" }
        static func < (left: Self, right: Self) -> Bool { left.description < right.description }
    }

    private static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
    /// Answered by the gateway itself rather than by a row of the table.
    private static let own = ["/health", "/health/live", "/health/ready", "/openapi.json"]

    private func document() throws -> JSONValue {
        let text = OpenAPIDocument.json
        return try JSONValue(parsing: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func described() throws -> [(operation: Operation, value: JSONValue)] {
        let paths = try #require(try self.document()["paths"]?.object)
        return paths.keys.flatMap { path in
            Self.methods.compactMap { method in
                guard let value = paths[path]?[method] else { return nil }
                return (
                    Operation(method: method, path: path, access: value["x-access"]?.string ?? "nobody said"), value
                )
            }
        }
    }

    @Test("Every route is described, every description has a route, and both say who may call")
    func routes() throws {
        let routed = PublicRoute.table.map {
            Operation(method: $0.method.name.lowercased(), path: $0.template, access: "\($0.access)")
        }
        let own = Self.own.map { Operation(method: "get", path: $0, access: "anyone") }
        let described = try self.described().map(\.operation)
        #expect(Set(described).subtracting(routed + own).sorted() == [], "described, but not routed so")
        #expect(Set(routed + own).subtracting(described).sorted() == [], "routed, but not described so")
        #expect(routed.count == Set(routed).count)
    }

    @Test("What needs a token is described as needing one, and the rest as open")
    func security() throws {
        let document = try self.document()
        #expect(document["security"]?.array?.isEmpty == false)
        for (operation, value) in try self.described() {
            let isOpen = value["security"]?.array?.isEmpty == true
            #expect(isOpen == (operation.access == "anyone"), "\(operation)")
            let refuses = value["responses"]?["403"] != nil
            if operation.access == "admin" { #expect(refuses, "\(operation) does not describe its 403") }
        }
    }

    @Test("A body is described as required exactly where a call without one is refused")
    func bodies() throws {
        let described = Dictionary(
            uniqueKeysWithValues: try self.described().map { ("\($0.operation.method) \($0.operation.path)", $0.value) }
        )
        for route in PublicRoute.table {
            let body = described["\(route.method.name.lowercased()) \(route.template)"]?["requestBody"]
            #expect((body?["required"]?.bool ?? false) == route.needsBody, "\(route.method.name) \(route.template)")
        }
    }

    @Test("Path parameters are described under the names that the templates use")
    func parameters() throws {
        let document = try self.document()
        let paths = try #require(document["paths"]?.object)
        for path in paths.keys {
            let shared = paths[path]?["parameters"]?.array ?? []
            for method in Self.methods {
                guard let operation = paths[path]?[method] else { continue }
                let names = (shared + (operation["parameters"]?.array ?? [])).compactMap { parameter -> String? in
                    let last = parameter["$ref"]?.string?.split(separator: "/").last.map(String.init)
                    let value = last.flatMap { document["components"]?["parameters"]?[$0] } ?? parameter
                    return value["in"]?.string == "path" ? value["name"]?.string : nil
                }
                let expected = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
                #expect(names.sorted() == expected.map(String.init).sorted(), "\(method) \(path)")
            }
        }
    }

    @Test("Every reference within the description leads somewhere")
    func references() throws {
        let document = try self.document()
        func check(_ value: JSONValue) {
            if let reference = value["$ref"]?.string {
                var target: JSONValue? = document
                for part in reference.split(separator: "/").dropFirst() { target = target?[String(part)] }
                #expect(target != nil, "\(reference)")
            }
            for element in value.array ?? [] { check(element) }
            for key in value.object?.keys ?? [] { value[key].map(check) }
        }
        check(document)
    }

    @Test("What is served was generated from docs/openapi.yaml as it is now")
    func generated() throws {
        let digest = SHA256.digest(try Repository.bytes("docs/openapi.yaml"))
        #expect(
            digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == "\(OpenAPIDocument.sourceSHA256)",
            "run scripts/generate-openapi.py")
    }
}
