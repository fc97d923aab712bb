extension RuleFile {
    static let operatorFolder = "k8s/operator/rules"

    /// The same groups as an object of the Prometheus operator's.
    ///
    /// Source: Prometheus operator, API reference, `PrometheusRule`.
    var operatorFile: GeneratedFile {
        let groups = self.groups.map { $0.yaml(.production) }
        let document: YAML = [
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": [
                "name": .string("vitrine-\(self.name)"), "labels": ["app.kubernetes.io/part-of": "vitrine"],
            ],
            "spec": ["groups": .list(groups)],
        ]
        return GeneratedFile(
            path: "\(Self.operatorFolder)/\(self.name).yml", text: document.document(comment: Self.comment))
    }

    /// All of them, and the list by which kustomize finds them.
    static var operatorFiles: [GeneratedFile] {
        let files = RuleFiles.all(.production)
        let list: YAML = [
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": .list(files.map { .string("\($0.name).yml") }),
        ]
        let kustomization = GeneratedFile(
            path: "\(self.operatorFolder)/kustomization.yaml", text: list.document(comment: self.comment))
        return files.map(\.operatorFile) + [kustomization]
    }
}
