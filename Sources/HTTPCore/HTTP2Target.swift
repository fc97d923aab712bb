// What the HTTP/1.1 codec knows of targets and authorities, for the pseudo-header fields of HTTP/2.

/// Whether `text` is a host with an optional port; as strict as the HTTP/1.1 decoder.
package func isValidHTTPAuthority(_ text: UnsafeBufferPointer<UInt8>) -> Bool { isValidAuthority(text) }

/// Takes a `:path` apart, which is in origin-form, or `*` for OPTIONS (RFC 9113, section 8.3.1).
/// - Throws: `HTTP1Error` with what the HTTP/1.1 decoder would say of it.
package func splitOriginForm(
    _ text: [UInt8], method: HTTPMethod
) throws(HTTP1Error) -> (path: String, query: String?) {
    guard let first = text.first, first == 0x2F || first == 0x2A else { throw HTTP1Error(.invalidTarget) }
    var failure: HTTP1Error?
    let ends = text.withUnsafeBufferPointer { bytes -> (path: Int, target: Int) in
        do throws(HTTP1Error) {
            let target = try HTTP1Target(bytes, from: 0)
            return (target.pathEnd, target.end)
        } catch {
            failure = error
            return (0, 0)
        }
    }
    if let failure { throw failure }
    // The decoder of a request line stops at a space, which is no part of a target.
    guard ends.target == text.count, first != 0x2A || method == .options else { throw HTTP1Error(.invalidTarget) }
    let path = String(decoding: text[..<ends.path], as: UTF8.self)
    guard ends.path < ends.target else { return (path, nil) }
    return (path, String(decoding: text[(ends.path + 1)..<ends.target], as: UTF8.self))
}

extension HTTPFields {
    /// The lines that may stand behind a message's content (RFC 9110, section 6.5.1).
    package func removingForbiddenInTrailers() -> HTTPFields {
        guard self.lines.contains(where: { $0.known.isForbiddenInTrailers }) else { return self }
        var kept = HTTPFields()
        for line in self.lines where !line.known.isForbiddenInTrailers {
            var moved = line
            moved.start = UInt32(kept.bytes.count)
            kept.bytes.append(contentsOf: self.bytes[line.nameStart..<line.end])
            kept.lines.append(moved)
        }
        return kept
    }

    /// Hands every line that is not in `excluded` to `body`. All pointers are valid until `then` has returned, so that
    /// what gathers them can hand them on there.
    package func withLines<R>(
        excluding excluded: HTTPFieldNameSet,
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) -> Void, then: () -> R
    ) -> R {
        self.bytes.withUnsafeBufferPointer { bytes in
            for line in self.lines where !excluded.contains(line.known) {
                let start = bytes.baseAddress! + line.nameStart
                body(
                    UnsafeBufferPointer(start: start, count: Int(line.nameCount)),
                    UnsafeBufferPointer(start: start + Int(line.nameCount) + 2, count: Int(line.valueCount)))
            }
            return then()
        }
    }
}
