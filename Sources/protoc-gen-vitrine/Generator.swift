import Protobuf

/// From protoc's question to its answer.
enum Generator {
    /// The files asked for, or what is wrong with them.
    static func answer(_ request: CodeGeneratorRequest) throws(ProtobufError) -> CodeGeneratorResponse {
        var files: [FileDescriptor] = []
        for bytes in request.files { files.append(try FileDescriptor.parsing(bytes)) }
        var response = CodeGeneratorResponse()
        do throws(GeneratorError) {
            response.files = try self.generate(request, files)
        } catch {
            response.error = error.description
        }
        return response
    }

    private static func generate(
        _ request: CodeGeneratorRequest, _ files: [FileDescriptor]
    ) throws(GeneratorError) -> [CodeGeneratorResponse.GeneratedFile] {
        let options = try GeneratorOptions(parsing: request.parameter)
        let types = try TypeTable(files)
        let byName = Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var namespaces: Set<String> = []
        var generated: [CodeGeneratorResponse.GeneratedFile] = []
        // By name, so that which file declares a shared namespace does not hang on the order they were asked in.
        for name in request.filesToGenerate.sorted() {
            guard let file = byName[name] else { throw GeneratorError(file: name, message: "protoc did not send it") }
            let generator = FileGenerator(
                file: file, files: byName, types: types, options: options,
                declaresNamespace: namespaces.insert(try file.namespace).inserted)
            generated.append(.init(name: file.outputName, content: try generator.generate()))
        }
        return generated
    }
}
