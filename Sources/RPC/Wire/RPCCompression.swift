import Compression
import HTTPCore

/// How messages are compressed: what `grpc-encoding` names.
///
/// Source: gRPC, `doc/compression.md`.
public enum RPCCompression: Sendable, Hashable {
    case identity
    case gzip

    /// A message below this many bytes is sent as it is: compressing costs more than it saves.
    static let byteCountMin = 1_024
    /// What `grpc-accept-encoding` says.
    static let accepted: StaticString = "identity,gzip"

    /// Nil for an encoding that is not known.
    init?(wire text: UnsafeBufferPointer<UInt8>) {
        if text.elementsEqual("gzip".utf8) {
            self = .gzip
        } else if text.elementsEqual("identity".utf8) {
            self = .identity
        } else {
            return nil
        }
    }

    /// The bytes of a message.
    ///
    /// - Parameter limit: the most bytes it may have once it is expanded.
    /// - Throws: `INTERNAL` for a compressed message in a stream that announced no compression, and for one that is
    ///   damaged; `RESOURCE_EXHAUSTED` for one that would become too large.
    func expand(_ frame: RPCFrame, limit: Int) throws(RPCError) -> ArraySlice<UInt8> {
        guard frame.isCompressed else { return frame.payload }
        guard self == .gzip else {
            throw RPCError(.internal, "A message is compressed, though no compression was announced.")
        }
        do throws(Gzip.ExpandError) {
            return try Gzip.expand(Array(frame.payload), upTo: limit)[...]
        } catch {
            switch error {
            case .malformed: throw RPCError(.internal, "A message could not be decompressed.")
            case .tooLarge:
                throw RPCError(.resourceExhausted, "A message expands to more than the \(limit) bytes accepted.")
            }
        }
    }

    /// Compresses the message that begins at `start` where that is worth it, and completes its prefix.
    func finish(_ bytes: inout [UInt8], from start: Int) {
        let payload = start + RPCFrame.prefixByteCount
        var isCompressed = false
        if self == .gzip, bytes.count - payload >= Self.byteCountMin,
            let small = Gzip.compress(Array(bytes[payload...])), small.count < bytes.count - payload
        {
            bytes.replaceSubrange(payload..., with: small)
            isCompressed = true
        }
        RPCFrame.finish(in: &bytes, from: start, isCompressed: isCompressed)
    }
}
