/// The id of the container the process runs in, as the kernel's files show it.
///
/// Source: OpenTelemetry semantic conventions, "Container"; cgroups(7) and proc(5).
enum ContainerID {
    /// In `/proc/self/cgroup` of the first version: the end of a path, behind a runtime's prefix and before `.scope`.
    static func find(inCgroup text: String) -> String? {
        for line in text.split(separator: "\n") {
            guard let last = line.split(separator: "/").last else { continue }
            var name = last
            if name.hasSuffix(".scope") { name = name.dropLast(6) }
            if let dash = name.lastIndex(where: { $0 == "-" || $0 == ":" }) { name = name[name.index(after: dash)...] }
            if self.isID(name) { return String(name) }
        }
        return nil
    }

    /// In `/proc/self/mountinfo` where the cgroup file says nothing: the folder from which the runtime mounts
    /// `/etc/hostname`.
    static func find(inMountInfo text: String) -> String? {
        for line in text.split(separator: "\n") where line.contains("/hostname") {
            for field in line.split(separator: " ") where field.contains("/") {
                if let id = field.split(separator: "/").first(where: { self.isID($0) }) { return String(id) }
            }
        }
        return nil
    }

    /// 64 hexadecimal digits, as Docker, containerd and CRI-O write them.
    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// What Kubernetes tells a container about itself, where its manifest passes it on (the downward API).
///
/// Each attribute is read from a variable named as it is (`k8s.pod.name` from `K8S_POD_NAME`); of those that manifests
/// usually call otherwise, the usual name is understood too.
enum KubernetesResource {
    private static let names: [(key: AttributeKey<String>, variables: [String])] = [
        (Attribute.k8sClusterName, ["K8S_CLUSTER_NAME"]),
        (Attribute.k8sNamespaceName, ["K8S_NAMESPACE_NAME", "POD_NAMESPACE"]),
        (Attribute.k8sNodeName, ["K8S_NODE_NAME", "NODE_NAME"]),
        (Attribute.k8sPodName, ["K8S_POD_NAME", "POD_NAME"]),
        (Attribute.k8sPodUID, ["K8S_POD_UID", "POD_UID"]),
        (Attribute.k8sContainerName, ["K8S_CONTAINER_NAME", "CONTAINER_NAME"]),
        (Attribute.k8sDeploymentName, ["K8S_DEPLOYMENT_NAME"]),
    ]

    static func attributes(_ environment: [String: String]) -> [Attribute] {
        // Without a cluster the usual names may mean anything.
        let isInCluster = environment["KUBERNETES_SERVICE_HOST"] != nil
        return self.names.compactMap { key, variables in
            let known = isInCluster ? variables : Array(variables.prefix(1))
            let value = known.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
            return value.map { key($0) }
        }
    }
}
