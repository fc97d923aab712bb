import Glibc
import HTTPCore
import HTTPEngine
import JSON
import NetworkIO
import Synchronization
import TelemetryTesting

/// A headless Chromium, driven over WebDriver.
///
/// Source: W3C WebDriver, sections 8 to 15; chromedriver's own `goog:` capabilities.
final class Browser: Sendable {
    private let driver: LabProcess
    private let profile = TemporaryFolder()
    private let loops: EventLoopGroup
    private let upstream: HTTPUpstream
    private let session: String
    /// Whether its driver has been waited for, so that the number may be another's by now.
    private let isClosed = Atomic(false)

    /// The member by which WebDriver names an element.
    private static let elementKey: StaticString = "element-6066-11e4-a52e-4f735466cecf"

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init() async throws {
        let port = FreePorts.base()
        self.driver = try LabProcess(command: ["exec", "/usr/bin/chromedriver", "--port=\(port)", "--log-level=SEVERE"])
        self.loops = try EventLoopGroup(count: 1)
        self.upstream = HTTPUpstream(
            name: "chromedriver", endpoints: [HTTPEndpoint(host: "127.0.0.1", port: port)], loops: self.loops,
            resolver: NameResolver(executor: BlockingExecutor(name: "names", threads: 1, queueLimit: 4)))
        guard await self.driver.output(contains: "started successfully") else {
            throw Failure(description: "chromedriver does not start: \(self.driver.everything())")
        }
        var json = JSONWriter()
        json.beginObject()
        json.key("capabilities")
        json.beginObject()
        json.key("alwaysMatch")
        json.beginObject()
        json.key("goog:chromeOptions")
        json.beginObject()
        json.key("args")
        json.beginArray()
        for argument in [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,900",
            "--force-device-scale-factor=1", "--hide-scrollbars", "--user-data-dir=\(self.profile.path)",
        ] { json.value(argument) }
        json.endArray()
        json.endObject()
        json.key("goog:loggingPrefs")
        json.beginObject()
        json.field("browser", "ALL")
        json.endObject()
        json.endObject()
        json.endObject()
        json.endObject()
        let answer = try await Self.ask(self.upstream, .post, "/session", json.bytes)
        guard let session = answer["sessionId"]?.string else {
            throw Failure(description: "no session: \(answer)")
        }
        self.session = session
    }

    deinit {
        // A test that broke off has not closed it, and the browser does not end with its driver.
        if !self.isClosed.load(ordering: .relaxed) {
            for browser in self.driver.children() { kill(browser.pid, SIGTERM) }
            kill(self.driver.pid, SIGTERM)
        }
        self.loops.stop()
    }

    /// Closes the browser, and waits for its driver.
    func close() async {
        _ = try? await Self.ask(self.upstream, .delete, "/session/\(self.session)", nil)
        kill(self.driver.pid, SIGTERM)
        self.isClosed.store(true, ordering: .relaxed)
        _ = await self.driver.ended()
    }

    private static func ask(
        _ upstream: HTTPUpstream, _ method: HTTPMethod, _ path: String, _ body: [UInt8]?
    ) async throws -> JSONValue {
        var fields = HTTPFields()
        if body != nil { fields.append(.contentType, "application/json") }
        let request = HTTPRequest(method, path, fields: fields, body: body.map(HTTPBody.bytes) ?? .empty)
        let response = try await upstream.send(request, deadline: .after(.seconds(60)))
        let bytes = try await response.body.collect(upTo: 32 << 20)
        let value = try JSONValue(parsing: bytes, limits: JSONLimits(documentBytesMax: 32 << 20))["value"] ?? .null
        if let error = value["error"]?.string {
            throw Failure(description: "\(error): \(value["message"]?.string ?? "")")
        }
        return value
    }

    private func command(_ method: HTTPMethod, _ path: String, _ fill: ((inout JSONWriter) -> Void)? = nil)
        async throws -> JSONValue
    {
        var json = JSONWriter()
        json.beginObject()
        fill?(&json)
        json.endObject()
        return try await Self.ask(
            self.upstream, method, "/session/\(self.session)\(path)", method == .post ? json.bytes : nil)
    }

    func open(_ url: String) async throws {
        _ = try await self.command(.post, "/url") { $0.field("url", url) }
    }

    /// What a function's body returns.
    @discardableResult
    func run(_ script: String) async throws -> JSONValue {
        try await self.command(.post, "/execute/sync") { json in
            json.field("script", script)
            json.key("args")
            json.beginArray()
            json.endArray()
        }
    }

    /// Whether an expression has become true; asked again for so many seconds at most.
    func wait(_ expression: String, seconds: Int = 20) async throws -> Bool {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while ContinuousClock.now < deadline {
            if try await self.run("return Boolean(\(expression))").bool == true { return true }
            // The page tells nobody when it has changed.
            Glibc.poll(nil, 0, 50)
        }
        return false
    }

    /// The text of the first element of a CSS selector; an empty one where there is none.
    func text(_ selector: String) async throws -> String {
        try await self.run("return document.querySelector(\(Self.quoted(selector)))?.innerText ?? ''").string ?? ""
    }

    func count(_ selector: String) async throws -> Int {
        try await self.run("return document.querySelectorAll(\(Self.quoted(selector))).length").int ?? 0
    }

    /// As a mouse does it: the element must be there and can be hit.
    func click(_ selector: String) async throws {
        let element = try await self.element(selector)
        _ = try await self.command(.post, "/element/\(element)/click")
    }

    func type(_ text: String, into selector: String) async throws {
        let element = try await self.element(selector)
        _ = try await self.command(.post, "/element/\(element)/value") { $0.field("text", text) }
    }

    /// Keys, one after the other, to whatever has the focus; WebDriver's own code points stand for those without a letter.
    func press(_ keys: String) async throws {
        _ = try await self.command(.post, "/actions") { json in
            json.key("actions")
            json.beginArray()
            json.beginObject()
            json.field("type", "key")
            json.field("id", "keyboard")
            json.key("actions")
            json.beginArray()
            for key in keys {
                for kind in ["keyDown", "keyUp"] {
                    json.beginObject()
                    json.field("type", kind)
                    json.field("value", String(key))
                    json.endObject()
                }
            }
            json.endArray()
            json.endObject()
            json.endArray()
        }
    }

    /// A click at a place within an element, in CSS pixels from its upper left corner.
    func click(_ selector: String, x: Int, y: Int) async throws {
        let element = try await self.element(selector)
        let box = try await self.command(.get, "/element/\(element)/rect")
        // Offsets count from the middle of what is asked for (WebDriver, 15.4.2).
        let (middleX, middleY) = ((box["width"]?.double ?? 0) / 2, (box["height"]?.double ?? 0) / 2)
        _ = try await self.command(.post, "/actions") { json in
            json.key("actions")
            json.beginArray()
            json.beginObject()
            json.field("type", "pointer")
            json.field("id", "mouse")
            json.key("actions")
            json.beginArray()
            json.beginObject()
            json.field("type", "pointerMove")
            json.field("duration", 0)
            json.field("x", x - Int(middleX))
            json.field("y", y - Int(middleY))
            json.key("origin")
            json.beginObject()
            json.field(Self.elementKey, element)
            json.endObject()
            json.endObject()
            for kind in ["pointerDown", "pointerUp"] {
                json.beginObject()
                json.field("type", kind)
                json.field("button", 0)
                json.endObject()
            }
            json.endArray()
            json.endObject()
            json.endArray()
        }
    }

    /// The size of the window, in CSS pixels.
    func resize(width: Int, height: Int) async throws {
        _ = try await self.command(.post, "/window/rect") { json in
            json.field("width", width)
            json.field("height", height)
        }
    }

    /// As a person's system asks for: dark or light.
    func prefer(colours: String) async throws {
        _ = try await self.command(.post, "/goog/cdp/execute") { json in
            json.field("cmd", "Emulation.setEmulatedMedia")
            json.key("params")
            json.beginObject()
            json.key("features")
            json.beginArray()
            json.beginObject()
            json.field("name", "prefers-color-scheme")
            json.field("value", colours)
            json.endObject()
            json.endArray()
            json.endObject()
        }
    }

    private func element(_ selector: String) async throws -> String {
        let found = try await self.command(.post, "/element") { json in
            json.field("using", "css selector")
            json.field("value", selector)
        }
        guard let id = found["\(Self.elementKey)"]?.string else { throw Failure(description: "no element \(selector)") }
        return id
    }

    /// A picture of what is seen, as PNG.
    func screenshot() async throws -> [UInt8] {
        Base64.bytes(try await self.command(.get, "/screenshot").string ?? "")
    }

    /// What the page complained of since it was last asked.
    func complaints() async throws -> [String] {
        let log = try await self.command(.post, "/se/log") { $0.field("type", "browser") }
        return (log.array ?? []).filter { $0["level"]?.string == "SEVERE" }.compactMap { $0["message"]?.string }
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.value(text)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// RFC 4648, section 4.
private enum Base64 {
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            let value: UInt32
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(character) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(character) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(character) + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
