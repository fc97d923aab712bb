/// Every message and enumeration of the files at hand, by its full name in them (`.vitrine.common.v1.Money`).
struct TypeTable {
    struct Message {
        /// `CommonV1.Money`
        let swiftName: String
        let file: String
        let descriptor: MessageDescriptor
        /// Full names of the messages that it holds in its own memory, in declaration order.
        let embedded: [String]
    }

    struct Enumeration {
        let swiftName: String
        let file: String
        let descriptor: EnumDescriptor
    }

    private(set) var messages: [String: Message] = [:]
    private(set) var enumerations: [String: Enumeration] = [:]

    init(_ files: [FileDescriptor]) throws(GeneratorError) {
        for file in files {
            let namespace = try file.namespace
            for message in file.messages { self.add(message, in: "." + file.package, namespace, file.name) }
            for enumeration in file.enums { self.add(enumeration, in: "." + file.package, namespace, file.name) }
        }
    }

    private mutating func add(_ message: MessageDescriptor, in scope: String, _ swiftScope: String, _ file: String) {
        let fullName = Self.join(scope, message.name)
        let swiftName = swiftScope + "." + SwiftNames.declared(message.name, "Message")
        self.messages[fullName] = Message(
            swiftName: swiftName, file: file, descriptor: message,
            embedded: message.fields.filter { $0.kind == .message && !$0.isRepeated }.map(\.typeName))
        for nested in message.messages { self.add(nested, in: fullName, swiftName, file) }
        for nested in message.enums { self.add(nested, in: fullName, swiftName, file) }
    }

    private mutating func add(_ enumeration: EnumDescriptor, in scope: String, _ swiftScope: String, _ file: String) {
        let swiftName = swiftScope + "." + SwiftNames.declared(enumeration.name, "Enum")
        self.enumerations[Self.join(scope, enumeration.name)] = Enumeration(
            swiftName: swiftName, file: file, descriptor: enumeration)
    }

    static func join(_ scope: String, _ name: String) -> String { scope == "." ? scope + name : scope + "." + name }

    /// Whether the message `target` lies in the memory of `start`, or is it: a field of that kind in `target` would make
    /// a value without end.
    func embeds(_ start: String, _ target: String) -> Bool {
        var seen: Set<String> = []
        var pending = [start]
        while let name = pending.popLast() {
            if name == target { return true }
            guard seen.insert(name).inserted else { continue }
            pending += self.messages[name]?.embedded ?? []
        }
        return false
    }
}

extension FileDescriptor {
    /// The enumeration that the file's types are in: `swift_prefix`, or the package in one word.
    var namespace: String {
        get throws(GeneratorError) {
            if !self.options.swiftPrefix.isEmpty { return self.options.swiftPrefix }
            guard !self.package.isEmpty else {
                throw GeneratorError(file: self.name, message: "it has neither a package nor option swift_prefix")
            }
            return SwiftNames.type(self.package)
        }
    }

    /// `product_service` of `vitrine/product/v1/product_service.proto`
    var baseName: String {
        let last = self.name.split(separator: "/").last ?? ""
        return String(last.hasSuffix(".proto") ? last.dropLast(6) : last)
    }

    /// Where the file's descriptor is: `ProductV1.productServiceFile`.
    var descriptorName: String { SwiftNames.property(self.baseName + "_file") }

    /// `vitrine_product_v1_product_service.pb.swift`: a module takes each name once, whatever the folder.
    var outputName: String {
        let path = self.name.hasSuffix(".proto") ? self.name.dropLast(6) : self.name[...]
        return String(path.map { $0 == "/" ? "_" : $0 }) + ".pb.swift"
    }
}
