// libFuzzer target for the JSON reader and writer. Compiled as one module with Sources/JSON, hence no import of it.
//
// Properties: bytes that are read can be written, and read back as the same value; any bytes at all can be written as a
// string, whichever way they come in, and the reader takes what the writer gives.

/// The document that `build` writes.
private func written(_ build: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(capacity: 16)
    build(&writer)
    return writer.bytes
}

private func parsed(_ bytes: [UInt8]) -> JSONValue? {
    // Escapes make text up to six times as long.
    try? JSONValue(parsing: bytes, limits: JSONLimits(documentBytesMax: 16 << 20))
}

// MARK: - Reading

/// Reads the input; what is accepted must survive being written.
private func requireRoundTrip(_ input: UnsafeBufferPointer<UInt8>) {
    do throws(JSONParseError) {
        let value = try JSONValue(parsing: input)
        let text = written { $0.value(value) }
        guard let again = parsed(text) else { preconditionFailure("What was written is refused: \(value)") }
        precondition(again == value, "What was written reads otherwise: \(value) \(again)")
        precondition(written { $0.value(again) } == text, "What was read again is written otherwise")
        requireSaneNumbers(value)
    } catch {
        precondition((0...input.count).contains(error.offset), "An error outside of the document: \(error)")
        precondition(!error.description.isEmpty)
    }
}

/// The readings of a number must not contradict each other.
private func requireSaneNumbers(_ value: JSONValue) {
    switch value {
    case .number(let number):
        if let int = number.int, int.magnitude <= 1 << 53 {
            precondition(number.double == Double(int), "\(number.text) is \(int) and is not")
        }
        if let minorUnits = number.minorUnits {
            let text = written { $0.decimal(minorUnits: minorUnits) }
            precondition(
                parsed(text)?.number?.minorUnits == minorUnits, "\(number.text) is not \(minorUnits) hundredths")
        }
    case .array(let elements): elements.forEach(requireSaneNumbers)
    case .object(let object):
        for member in object.members {
            precondition(object[member.key] != nil, "A member that is not found by its name")
            requireSaneNumbers(member.value)
        }
    case .null, .bool, .string: break
    }
}

// MARK: - Writing

/// Writes the input as a string: the reader must take it, and find in it what the standard library makes of the bytes.
private func requireReadable(_ input: UnsafeBufferPointer<UInt8>) {
    let string = String(decoding: input, as: UTF8.self)
    let isValid = String(validating: input, as: UTF8.self) != nil
    precondition(UTF8Scan.isValid(input) == isValid, "UTF-8 is judged otherwise than by the standard library")

    let fromString = written { $0.value(string) }
    precondition(written { $0.value(utf8: input) } == fromString, "Bytes are written otherwise than their string")
    guard let read = parsed(fromString)?.string else { preconditionFailure("A string is refused: \(fromString)") }
    precondition(read.utf8.elementsEqual(string.utf8), "A string reads otherwise")

    let field = written { writer in
        writer.beginObject()
        writer.field("k", utf8: input)
        writer.key(escaping: string)
        writer.value(string)
        writer.field("z", string)
        writer.endObject()
    }
    guard string != "k", string != "z" else { return }
    guard let object = parsed(field)?.object else { preconditionFailure("An object is refused: \(field)") }
    precondition(object.count == 3 && object[string]?.string?.utf8.elementsEqual(string.utf8) == true, "A key is lost")
    precondition(object["k"] == object["z"], "A field is written otherwise")
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: data, count: count)
    requireRoundTrip(input)
    requireReadable(input)
    return 0
}
