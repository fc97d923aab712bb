public import HTTPCore

/// The names and values that travel beside the messages of a call: text, or bytes under names that end in `-bin`.
///
/// Wraps the fields as they came or will go: reading copies nothing until a value is asked for. What belongs to the
/// protocol is neither seen nor can be set.
///
/// Source: gRPC, `doc/PROTOCOL-HTTP2.md`, "Custom-Metadata".
public struct RPCMetadata: Sendable, Equatable {
    /// The most bytes of one section, counted as HTTP/2 does: names, values and 32 for each field. 8 KiB, the suggested
    /// default.
    public static let byteCountMax = 8 * 1_024

    let fields: HTTPFields
    /// Whether it came from the other side, rather than being set here.
    let isReceived: Bool

    public init() { self.init(checked: HTTPFields()) }

    /// All that came; what is the protocol's is passed over when reading.
    init(received fields: HTTPFields) {
        self.fields = fields
        self.isReceived = true
    }

    private init(checked fields: HTTPFields) {
        self.fields = fields
        self.isReceived = false
    }

    public static func == (left: RPCMetadata, right: RPCMetadata) -> Bool { left.fields == right.fields }

    public var isEmpty: Bool {
        var isEmpty = true
        self.forEachField { _, _ in isEmpty = false }
        return isEmpty
    }

    /// What the section counts for in `byteCountMax`.
    var byteCount: Int { Self.byteCount(self.fields) }

    static func byteCount(_ fields: HTTPFields) -> Int {
        // Each line has 4 bytes of its own there, for the colon, the space and the line end.
        fields.serializedCount + fields.count * 28
    }

    // MARK: Reading

    /// The first text value of a name; nil for a name that is not there, is the protocol's or holds bytes.
    public subscript(_ name: HTTPFieldName) -> String? {
        guard !RPCMetadataName.isReserved(name), !RPCMetadataName.isBinary(name) else { return nil }
        return self.fields[name]
    }

    /// All text values of a name, in their order.
    public func values(of name: HTTPFieldName) -> [String] {
        guard !RPCMetadataName.isReserved(name), !RPCMetadataName.isBinary(name) else { return [] }
        return self.fields.values(of: name)
    }

    /// All values of a name that ends in `-bin`, in their order; those that are not Base64 are passed over. Values that
    /// somebody on the way has joined with commas are told apart again.
    public func binaryValues(of name: HTTPFieldName) -> [[UInt8]] {
        guard !RPCMetadataName.isReserved(name), RPCMetadataName.isBinary(name) else { return [] }
        return Self.binaryValues(of: name, in: self.fields)
    }

    static func binaryValues(of name: HTTPFieldName, in fields: HTTPFields) -> [[UInt8]] {
        var values: [[UInt8]] = []
        fields.forEachValue(of: name) { text in
            for part in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
                var part = part
                while part.first == 0x20 { part = part.dropFirst() }
                while part.last == 0x20 { part = part.dropLast() }
                if let bytes = Base64.decode(UnsafeBufferPointer(rebasing: part)) { values.append(bytes) }
            }
        }
        return values
    }

    /// Hands the bytes of the first value of `name` to `body`, without a copy; nil where there is no such field.
    public func withValue<R>(
        _ name: HTTPFieldName, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
    ) rethrows -> R? {
        guard !RPCMetadataName.isReserved(name) else { return nil }
        return try self.fields.withValue(name, body)
    }

    /// How many values a name has.
    public func count(of name: HTTPFieldName) -> Int {
        guard !RPCMetadataName.isReserved(name) else { return 0 }
        var count = 0
        self.fields.forEachValue(of: name) { _ in count += 1 }
        return count
    }

    /// Hands each name and its value as it is on the wire to `body`, in order; what is the protocol's is passed over.
    public func forEachField(
        _ body: (_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        try self.fields.forEach { name, value in
            if !RPCMetadataName.isReserved(name) { try body(name, value) }
        }
    }

    // MARK: Writing

    /// Appends a text value.
    ///
    /// - Throws: `RPCMetadataError` when the name is the protocol's, is not one of metadata or ends in `-bin`, when the
    ///   value holds anything but space to tilde, and when the section would become too large.
    public mutating func append(_ name: HTTPFieldName, _ value: String) throws(RPCMetadataError) {
        guard !RPCMetadataName.isBinary(name) else { throw .binaryName(name.rawValue) }
        guard value.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else { throw .invalidValue(name.rawValue) }
        var fields = self.fields
        fields.append(name, value)
        try self.replace(fields, for: name)
    }

    /// Appends bytes under a name that ends in `-bin`.
    ///
    /// - Throws: `RPCMetadataError`, as for text, and when the name does not end so.
    public mutating func append(_ name: HTTPFieldName, binary value: [UInt8]) throws(RPCMetadataError) {
        guard RPCMetadataName.isBinary(name) else { throw .textName(name.rawValue) }
        var fields = self.fields
        Base64.encode(value).withUnsafeBufferPointer { fields.append(name, utf8: $0) }
        try self.replace(fields, for: name)
    }

    private mutating func replace(_ fields: HTTPFields, for name: HTTPFieldName) throws(RPCMetadataError) {
        guard RPCMetadataName.isValid(name) else { throw .invalidName(name.rawValue) }
        guard !RPCMetadataName.isReserved(name) else { throw .reservedName(name.rawValue) }
        guard Self.byteCount(fields) <= Self.byteCountMax else { throw .tooLarge }
        self = RPCMetadata(checked: fields)
    }
}

extension RPCMetadata: ExpressibleByDictionaryLiteral {
    /// Text values that the programmer wrote.
    ///
    /// - Precondition: `append(_:_:)` takes them.
    public init(dictionaryLiteral elements: (HTTPFieldName, String)...) {
        self.init()
        for (name, value) in elements {
            do { try self.append(name, value) } catch { preconditionFailure("\(name.rawValue): \(error)") }
        }
    }
}

/// Why something cannot be metadata.
public enum RPCMetadataError: Error, Sendable, Hashable {
    /// Only small letters, digits, `-`, `_` and `.` make a name.
    case invalidName(String)
    /// The protocol's own: begins with `grpc-`, or says how the message is carried.
    case reservedName(String)
    /// Ends in `-bin`, which is for bytes.
    case binaryName(String)
    /// Does not end in `-bin`, which bytes need.
    case textName(String)
    /// Holds something else than space to tilde.
    case invalidValue(String)
    /// More than `RPCMetadata.byteCountMax` in all.
    case tooLarge
}
