import JSON

/// What a test compares: the text that `build` writes.
func written(_ build: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    build(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

/// Why `bytes` are refused; `nil` when they are not.
func refusal(_ bytes: some Collection<UInt8>, limits: JSONLimits = .init()) -> JSONParseError? {
    do throws(JSONParseError) {
        _ = try JSONValue(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// Why `text` is refused; `nil` when it is not.
func refusal(_ text: String) -> JSONParseError? { refusal(Array(text.utf8)) }
