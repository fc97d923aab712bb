public import Protobuf

// The messages of `google/rpc/error_details.proto` that services of ours use. Stack traces (`DebugInfo`) stay at home.

/// `google.rpc.ErrorInfo`: the reason in a form that programs read.
public struct ErrorInfo: RPCErrorDetailMessage {
    /// In capitals: `OUT_OF_STOCK`.
    public var reason = ""
    /// Who defines the reason: `product.vitrine`.
    public var domain = ""
    public var metadata: [String: String] = [:]

    public static var protoName: String { "google.rpc.ErrorInfo" }
    public init() {}
    public init(reason: String, domain: String, metadata: [String: String] = [:]) {
        self.reason = reason
        self.domain = domain
        self.metadata = metadata
    }

    public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.string, into: &self.reason)
            case 2: try reader.read(.string, into: &self.domain)
            case 3: try reader.read(key: .string, value: .string, into: &self.metadata)
            default: try reader.skip()
            }
        }
    }

    public func encode(to writer: inout ProtobufWriter) {
        writer.write(.string, self.reason, field: 1)
        writer.write(.string, self.domain, field: 2)
        writer.write(key: .string, value: .string, self.metadata, field: 3)
    }
}

/// `google.rpc.RetryInfo`: how long to wait before another try.
public struct RetryInfo: RPCErrorDetailMessage {
    private var seconds: Int64 = 0
    private var nanoseconds: Int32 = 0

    public static var protoName: String { "google.rpc.RetryInfo" }
    public init() {}
    public init(retryDelay: Duration) {
        let (seconds, attoseconds) = retryDelay.components
        self.seconds = seconds
        self.nanoseconds = Int32(attoseconds / 1_000_000_000)
    }

    /// Never negative.
    public var retryDelay: Duration {
        max(.zero, .seconds(self.seconds) + .nanoseconds(Int64(self.nanoseconds)))
    }

    public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        var delay = Delay(seconds: self.seconds, nanoseconds: self.nanoseconds)
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.message(Delay.self), into: &delay)
            default: try reader.skip()
            }
        }
        self.seconds = delay.seconds
        self.nanoseconds = delay.nanoseconds
    }

    public func encode(to writer: inout ProtobufWriter) {
        writer.write(
            .message(Delay.self), always: Delay(seconds: self.seconds, nanoseconds: self.nanoseconds), field: 1)
    }

    /// `google.protobuf.Duration`
    private struct Delay: ProtobufMessage {
        var seconds: Int64 = 0
        var nanoseconds: Int32 = 0

        static var protoName: String { "google.protobuf.Duration" }
        init() {}
        init(seconds: Int64, nanoseconds: Int32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.int64, into: &self.seconds)
                case 2: try reader.read(.int32, into: &self.nanoseconds)
                default: try reader.skip()
                }
            }
        }

        func encode(to writer: inout ProtobufWriter) {
            writer.write(.int64, self.seconds, field: 1)
            writer.write(.int32, self.nanoseconds, field: 2)
        }
    }
}

/// `google.rpc.BadRequest`: which fields of the request make no sense.
public struct BadRequest: RPCErrorDetailMessage {
    public var fieldViolations: [FieldViolation] = []

    public static var protoName: String { "google.rpc.BadRequest" }
    public init() {}
    public init(fieldViolations: [FieldViolation]) { self.fieldViolations = fieldViolations }

    public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.message(FieldViolation.self), appendingTo: &self.fieldViolations)
            default: try reader.skip()
            }
        }
    }

    public func encode(to writer: inout ProtobufWriter) {
        writer.write(.message(FieldViolation.self), repeated: self.fieldViolations, field: 1)
    }

    public struct FieldViolation: ProtobufMessage {
        /// The way to the field: `lines[0].quantity`.
        public var field = ""
        public var description = ""
        /// In capitals, as in `ErrorInfo`.
        public var reason = ""

        public static var protoName: String { "google.rpc.BadRequest.FieldViolation" }
        public init() {}
        public init(field: String, description: String, reason: String = "") {
            self.field = field
            self.description = description
            self.reason = reason
        }

        public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.field)
                case 2: try reader.read(.string, into: &self.description)
                case 3: try reader.read(.string, into: &self.reason)
                default: try reader.skip()
                }
            }
        }

        public func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.field, field: 1)
            writer.write(.string, self.description, field: 2)
            writer.write(.string, self.reason, field: 3)
        }
    }
}

/// `google.rpc.PreconditionFailure`: what the system's state lacks.
public struct PreconditionFailure: RPCErrorDetailMessage {
    public var violations: [Violation] = []

    public static var protoName: String { "google.rpc.PreconditionFailure" }
    public init() {}
    public init(violations: [Violation]) { self.violations = violations }

    public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.message(Violation.self), appendingTo: &self.violations)
            default: try reader.skip()
            }
        }
    }

    public func encode(to writer: inout ProtobufWriter) {
        writer.write(.message(Violation.self), repeated: self.violations, field: 1)
    }

    public struct Violation: ProtobufMessage {
        /// In capitals: `OUT_OF_STOCK`.
        public var type = ""
        /// What it is about: `items[0].quantity`.
        public var subject = ""
        public var description = ""

        public static var protoName: String { "google.rpc.PreconditionFailure.Violation" }
        public init() {}
        public init(type: String, subject: String, description: String) {
            self.type = type
            self.subject = subject
            self.description = description
        }

        public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.type)
                case 2: try reader.read(.string, into: &self.subject)
                case 3: try reader.read(.string, into: &self.description)
                default: try reader.skip()
                }
            }
        }

        public func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.type, field: 1)
            writer.write(.string, self.subject, field: 2)
            writer.write(.string, self.description, field: 3)
        }
    }
}

/// `google.rpc.QuotaFailure`: which quota is used up.
public struct QuotaFailure: RPCErrorDetailMessage {
    public var violations: [Violation] = []

    public static var protoName: String { "google.rpc.QuotaFailure" }
    public init() {}
    public init(violations: [Violation]) { self.violations = violations }

    public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
        while let field = try reader.nextField() {
            switch field {
            case 1: try reader.read(.message(Violation.self), appendingTo: &self.violations)
            default: try reader.skip()
            }
        }
    }

    public func encode(to writer: inout ProtobufWriter) {
        writer.write(.message(Violation.self), repeated: self.violations, field: 1)
    }

    public struct Violation: ProtobufMessage {
        /// Whose quota: `client:gateway`.
        public var subject = ""
        public var description = ""

        public static var protoName: String { "google.rpc.QuotaFailure.Violation" }
        public init() {}
        public init(subject: String, description: String) {
            self.subject = subject
            self.description = description
        }

        public mutating func decode(from reader: inout ProtobufReader) throws(ProtobufError) {
            while let field = try reader.nextField() {
                switch field {
                case 1: try reader.read(.string, into: &self.subject)
                case 2: try reader.read(.string, into: &self.description)
                default: try reader.skip()
                }
            }
        }

        public func encode(to writer: inout ProtobufWriter) {
            writer.write(.string, self.subject, field: 1)
            writer.write(.string, self.description, field: 2)
        }
    }
}
