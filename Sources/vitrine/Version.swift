/// The platform's version, as `vitrine --version`, `service.version` and `/health` tell it.
enum Version {
    static let current = "0.1.0"
}
