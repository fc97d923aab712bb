/// The names that Swift has for what a file calls otherwise.
enum SwiftNames {
    /// `image_url` is `imageURL`, `product_ids` is `productIDs`, `HTTPGet` is `httpGet`.
    static func property(_ name: String) -> String {
        let words = name.split(separator: "_").map(String.init)
        guard let first = words.first else { return "_" }
        return self.escaped(self.lowerFirst(first) + words.dropFirst().map(self.capitalized).joined())
    }

    /// `server_reflection` is `ServerReflection`, `vitrine.common` is `VitrineCommon`.
    static func type(_ name: String) -> String {
        name.split { $0 == "_" || $0 == "." || $0 == "-" }.map { self.upperFirst(String($0)) }.joined()
    }

    /// A message or enumeration under the name that it has in the file, unless Swift needs that for itself.
    static func declared(_ name: String, _ suffix: String) -> String {
        let type = self.upperFirst(name)
        return self.reservedTypes.contains(type) ? type + suffix : type
    }

    /// `USER_ROLE_ADMIN` of `UserRole` is `admin`.
    static func enumCase(_ name: String, of enumeration: EnumDescriptor) -> String {
        let prefix = self.upperSnake(enumeration.name) + "_"
        let short = enumeration.values.allSatisfy { value in
            guard value.name.hasPrefix(prefix), let next = value.name.dropFirst(prefix.count).first else {
                return false
            }
            return next.isLetter
        }
        let words = (short ? String(name.dropFirst(prefix.count)) : name).lowercased()
        let property = self.property(words)
        return property == "unrecognized" ? "unrecognized_" : property
    }

    /// `UserRole` is `USER_ROLE`; `HTTPCode` is `HTTP_CODE`.
    private static func upperSnake(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            let followsLower = index > 0 && !letters[index - 1].isUppercase && letters[index - 1] != "_"
            let precedesLower = index > 0 && index + 1 < letters.count && letters[index + 1].isLowercase
            if letter.isUppercase, followsLower || precedesLower { result += "_" }
            result += letter.uppercased()
        }
        return result
    }

    private static func capitalized(_ word: String) -> String {
        switch word {
        case "id": "ID"
        case "ids": "IDs"
        case "url": "URL"
        case "urls": "URLs"
        case "uri": "URI"
        default: self.upperFirst(word)
        }
    }

    private static func upperFirst(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// Lowers a leading acronym as a whole, up to the capital that begins the next word.
    private static func lowerFirst(_ word: String) -> String {
        let letters = Array(word)
        var run = 0
        while run < letters.count, letters[run].isUppercase { run += 1 }
        if run > 1, run < letters.count, letters[run].isLowercase { run -= 1 }
        return String(letters[..<run]).lowercased() + String(letters[run...])
    }

    // MARK: - Words that are taken

    /// Backticks where Swift takes them, an underscore behind where it does not.
    static func escaped(_ name: String) -> String {
        if self.unusable.contains(name) { return name + "_" }
        if name.first?.isNumber == true { return "_" + name }
        return self.keywords.contains(name) ? "`\(name)`" : name
    }

    private static let unusable: Set<String> = ["self", "init", "Self", "Type", "Protocol", "_"]

    /// - SeeAlso: The Swift Programming Language, "Lexical Structure", "Keywords and Punctuation"
    private static let keywords: Set<String> = [
        "actor", "any", "as", "associatedtype", "await", "borrowing", "break", "case", "catch", "class", "consuming",
        "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
        "fileprivate", "for", "func", "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "open",
        "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "some",
        "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var",
        "where", "while",
    ]

    /// Those of the language, and those of the standard library and the runtime that generated code speaks of.
    private static let reservedTypes: Set<String> = [
        "Any", "Array", "Bool", "Dictionary", "Double", "Error", "Float", "Hashable", "Int", "Int32", "Int64",
        "Never", "Optional", "Protocol", "Protobuf", "RPC", "Self", "Sendable", "Set", "String", "Swift", "Type",
        "UInt32", "UInt64", "UInt8", "Void",
    ]
}
