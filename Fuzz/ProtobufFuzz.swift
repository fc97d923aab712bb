// libFuzzer target for the Protobuf reader and writer. Compiled as one module with Sources/Protobuf and the test contract
// (Tests/ProtobufTests/Generated), hence no import of it.
//
// Properties: bytes that are read can be written, and what is written is read as a message that is written the same; an
// error lies inside the bytes; memory stays within the limits.

private func decoded(_ bytes: [UInt8]) -> TestingV1.Everything? {
    do throws(ProtobufError) {
        return try TestingV1.Everything(decoding: bytes, limits: ProtobufLimits(memoryBytesMax: 16 << 20))
    } catch {
        precondition((0...bytes.count).contains(error.offset), "An error outside of the message: \(error)")
        precondition(!error.description.isEmpty)
        return nil
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProtobuf(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard let message = decoded(input) else { return 0 }
    let written = message.bytes
    // Not compared as values: a number that is none is not equal to itself.
    guard let again = decoded(written) else { preconditionFailure("What was written is refused") }
    precondition(again.bytes == written, "What was read again is written otherwise")
    return 0
}
