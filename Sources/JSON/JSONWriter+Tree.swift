extension JSONWriter {
    /// Writes a value that was parsed or built. Numbers keep the digits they came with.
    public mutating func value(_ tree: JSONValue) {
        switch tree {
        case .null: self.null()
        case .bool(let flag): self.value(flag)
        case .number(let number): self.value(number)
        case .string(let text): self.value(text)
        case .array(let elements):
            self.beginArray()
            for element in elements { self.value(element) }
            self.endArray()
        case .object(let object):
            self.beginObject()
            for member in object.members {
                self.key(escaping: member.key)
                self.value(member.value)
            }
            self.endObject()
        }
    }

    /// Writes a number with the digits it came with.
    public mutating func value(_ number: JSONNumber) {
        number.text.borrowUTF8 { self.raw(bytes: $0) }
    }
}
