import JSON

/// What is wrong with a document, each mistake with the path to it.
final class MistakeList {
    private(set) var mistakes: [String] = []

    func add(_ path: String, _ text: String) { self.mistakes.append(path.isEmpty ? text : "\(path): \(text)") }
}

/// Reads the members of one JSON object and notes every mistake instead of stopping at the first.
///
/// What is asked for and is missing or of the wrong kind is noted and answered with nil; what nobody has asked for by
/// `finish` is noted as unknown, so that a misspelt name does not pass silently.
final class FieldReader {
    let path: String
    private let object: JSONObject
    private let list: MistakeList
    private var asked: Set<String> = []

    init(_ object: JSONObject, path: String, list: MistakeList) {
        self.object = object
        self.path = path
        self.list = list
    }

    func note(_ name: String, _ text: String) {
        self.list.add(name.isEmpty ? self.path : self.path(of: name), text)
    }

    func has(_ name: String) -> Bool { self.object[name] != nil }

    private func path(of name: String) -> String { self.path.isEmpty ? name : "\(self.path).\(name)" }

    private func value<T>(
        _ name: String, required: Bool, _ expected: String, _ convert: (JSONValue) -> T?
    ) -> T? {
        self.asked.insert(name)
        guard let value = self.object[name] else {
            if required { self.note(name, "is missing; \(expected)") }
            return nil
        }
        guard let converted = convert(value) else {
            self.note(name, "must be \(expected)")
            return nil
        }
        return converted
    }

    func string(_ name: String, required: Bool = true) -> String? {
        self.value(name, required: required, "text") { $0.string.flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// One of a few words.
    func word<T: RawRepresentable & CaseIterable>(_ name: String, of type: T.Type, required: Bool = true) -> T?
    where T.RawValue == String {
        let known = T.allCases.map(\.rawValue).joined(separator: ", ")
        return self.value(name, required: required, "one of \(known)") { $0.string.flatMap(T.init(rawValue:)) }
    }

    func number(_ name: String, in range: ClosedRange<Double>, required: Bool = true) -> Double? {
        self.value(name, required: required, "a number from \(range.lowerBound.short) to \(range.upperBound.short)") {
            $0.double.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func integer(_ name: String, in range: ClosedRange<Int>, required: Bool = true) -> Int? {
        self.value(name, required: required, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            $0.int.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func flag(_ name: String, required: Bool = true) -> Bool? {
        self.value(name, required: required, "true or false") { $0.bool }
    }

    func strings(_ name: String, required: Bool = true) -> [String]? {
        self.value(name, required: required, "a list of texts") { value in
            let texts = value.array?.compactMap(\.string)
            return texts?.count == value.array?.count && texts?.isEmpty == false ? texts : nil
        }
    }

    /// Names with texts.
    func labels(_ name: String) -> [String: String] {
        let members = self.value(name, required: false, "an object of texts") { value -> [String: String]? in
            guard let object = value.object else { return nil }
            var labels: [String: String] = [:]
            for member in object.members {
                guard let text = member.value.string else { return nil }
                labels[member.key] = text
            }
            return labels
        }
        return members ?? [:]
    }

    /// A member that is handed on as it is.
    func document(_ name: String, required: Bool = true) -> JSONObject? {
        self.value(name, required: required, "an object") { $0.object }
    }

    func object(_ name: String, required: Bool = true) -> FieldReader? {
        guard let object = self.document(name, required: required) else { return nil }
        return FieldReader(object, path: self.path(of: name), list: self.list)
    }

    func objects(_ name: String, required: Bool = true) -> [FieldReader] {
        let elements = self.value(name, required: required, "a list of objects") { $0.array } ?? []
        return elements.enumerated().compactMap { index, element in
            let path = "\(self.path(of: name))[\(index)]"
            guard let object = element.object else {
                self.list.add(path, "must be an object")
                return nil
            }
            return FieldReader(object, path: path, list: self.list)
        }
    }

    /// Notes what nobody has asked for.
    func finish() {
        for key in self.object.keys where !self.asked.contains(key) { self.note(key, "is not known here") }
    }
}

extension Double {
    /// With as few digits as tell it apart: `3`, `0.25`.
    var short: String {
        if let whole = Int(exactly: self) { return String(whole) }
        return self.description
    }

    /// Rounded to so many decimals.
    func rounded(decimals: Int) -> String {
        guard self.isFinite else { return "∞" }
        var factor = 1.0
        for _ in 0..<decimals { factor *= 10 }
        return ((self * factor).rounded() / factor).short
    }
}
