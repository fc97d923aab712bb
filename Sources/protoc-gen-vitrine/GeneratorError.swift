/// Why no Swift can be made of a file; protoc prints it and fails.
struct GeneratorError: Error, Hashable {
    let file: String
    let message: String

    var description: String { self.file.isEmpty ? self.message : "\(self.file): \(self.message)" }
}
