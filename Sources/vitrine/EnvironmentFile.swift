/// Files of `NAME=value` lines, as container engines and kustomize take them.
enum EnvironmentFile {
    /// Lines that are blank or begin with `#` are left out; a value is taken as it stands, quotes included.
    ///
    /// - Throws: `CommandFailure` when the file cannot be read, or for a line that is no assignment.
    static func read(_ path: String) throws -> [String: String] {
        let bytes: [UInt8]
        do { bytes = try WholeFile.read(path) } catch { throw CommandFailure("\(path): cannot be opened") }
        return try self.parse(String(decoding: bytes, as: UTF8.self), name: path)
    }

    static func parse(_ text: String, name: String) throws -> [String: String] {
        var variables: [String: String] = [:]
        // With `\n` alone or after `\r`, which together are one character.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { continue }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex,
                line[..<equals].utf8.allSatisfy({ $0 == 0x5F || (0x30...0x39).contains($0) || Self.isLetter($0) })
            else { throw CommandFailure("\(name): line \(index + 1) is not NAME=value") }
            variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return variables
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
}
