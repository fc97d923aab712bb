import CConsolePage
import Compression
import HTTPCore

/// The page's files, within the program.
struct PageFiles: Sendable {
    struct File: Sendable {
        let contentType: String
        let bytes: [UInt8]
        /// Compressed once, at the start; nil where that does not pay.
        let gzip: [UInt8]?
        /// Of the content: what a browser has need not be sent again.
        let tag: String
    }

    /// By name, as the program was built with them.
    let files: [String: File]

    init() {
        var files: [String: File] = [:]
        // The table is the program's own and never changes.
        for entry in UnsafeBufferPointer(start: vitrine_page_files(), count: vitrine_page_file_count()) {
            let bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.count))
            files[String(cString: entry.name)] = Self.file(String(cString: entry.name), bytes)
        }
        self.files = files
    }

    private static func file(_ name: String, _ bytes: [UInt8]) -> File {
        let packed = Gzip.compress(bytes, level: 9)
        return File(
            contentType: self.contentType(name), bytes: bytes,
            gzip: packed.flatMap { $0.count < bytes.count ? $0 : nil },
            tag: "\"\(String(self.hash(bytes), radix: 16))\""
        )
    }

    private static func contentType(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "js": "text/javascript; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a: the same for the same bytes in every process.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    /// - Parameter path: `/` or `/app/<name>`.
    /// - Returns: nil for what there is not.
    func answer(_ path: String, _ request: HTTPRequest) -> HTTPResponse? {
        let name = path == "/" ? "index.html" : path.hasPrefix("/app/") ? String(path.dropFirst(5)) : ""
        guard let file = self.files[name] else { return nil }
        var fields = HTTPFields()
        fields.append(.contentType, file.contentType)
        fields.append(.cacheControl, "no-cache")
        fields.append(.eTag, file.tag)
        fields.append(.vary, "accept-encoding")
        if request.fields[.ifNoneMatch] == file.tag { return HTTPResponse(304, fields: fields, body: .empty) }
        let takesGzip = request.fields.combined(.acceptEncoding)?.contains("gzip") == true
        if takesGzip, let packed = file.gzip {
            fields.append(.contentEncoding, "gzip")
            return HTTPResponse(.ok, fields: fields, body: .bytes(packed))
        }
        return HTTPResponse(.ok, fields: fields, body: .bytes(file.bytes))
    }
}
