import JSON

/// Reads the fields of a fault and collects every mistake in them.
struct FaultSpecReader {
    private let object: JSONObject
    private var read: Set<String> = []
    private(set) var mistakes: [FaultMistake] = []

    init(_ object: JSONObject) { self.object = object }

    mutating func reject(_ field: String, _ message: String) { self.mistakes.append(FaultMistake(field, message)) }

    /// Names what is left over: a misspelt field would otherwise do nothing, unnoticed.
    ///
    /// - Parameter known: fields that exist, and that the fault at hand has no use for.
    mutating func rejectLeftovers(known: Set<String>, reason: String) {
        for key in self.object.keys where !self.read.contains(key) {
            self.reject(key, known.contains(key) ? reason : "is no field of a fault")
        }
    }

    /// Passes over fields that answers have and questions need not.
    mutating func ignore(_ names: [String]) { self.read.formUnion(names) }

    private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
        self.read.insert(name)
        switch self.object[name] {
        case nil, .null:
            if isRequired { self.reject(name, "is required") }
            return nil
        case .some(let value): return value
        }
    }

    mutating func text(_ name: String, length: ClosedRange<Int>, isRequired: Bool = false) -> String? {
        guard let value = self.value(name, isRequired: isRequired) else { return nil }
        guard let text = value.string else {
            self.reject(name, "must be a string")
            return nil
        }
        guard length.contains(text.unicodeScalars.count) else {
            self.reject(name, "must have from \(length.lowerBound) to \(length.upperBound) characters")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            self.reject(name, "must not contain control characters")
            return nil
        }
        return text
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>, isRequired: Bool = false) -> Double? {
        guard let value = self.value(name, isRequired: isRequired) else { return nil }
        guard let number = value.double, range.contains(number) else {
            self.reject(name, "must be a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
            return nil
        }
        return number
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>, isRequired: Bool = false) -> Int? {
        guard let value = self.value(name, isRequired: isRequired) else { return nil }
        guard let number = value.int, range.contains(number) else {
            self.reject(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    mutating func choice<C: CaseIterable & RawRepresentable<String>>(
        _ name: String, of type: C.Type, isRequired: Bool = false
    ) -> C? {
        guard let value = self.value(name, isRequired: isRequired) else { return nil }
        guard let choice = value.string.flatMap(C.init) else {
            self.reject(name, "must be one of \(C.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return choice
    }

    /// The fields of an object within, read by `body`; their mistakes carry its name.
    mutating func nested<T>(_ name: String, _ body: (inout FaultSpecReader) -> T?) -> T? {
        guard let value = self.value(name, isRequired: false) else { return nil }
        guard let object = value.object else {
            self.reject(name, "must be an object")
            return nil
        }
        var reader = FaultSpecReader(object)
        let result = body(&reader)
        reader.rejectLeftovers(known: [], reason: "")
        for mistake in reader.mistakes { self.reject("\(name).\(mistake.field)", mistake.message) }
        return result
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }
}
