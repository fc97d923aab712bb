// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares. Warnings are errors: what the compiler doubts, a reader will too.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// For the targets that own C pointers: each unsafe expression is marked, and none is found elsewhere.
let strict: [SwiftSetting] = house + [.strictMemorySafety()]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = house) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: house)
}

let package = Package(
    name: "vitrine",
    products: [
        .executable(name: "vitrine", targets: ["vitrine"]),
        .library(name: "Telemetry", targets: ["Telemetry"]),
        // What the benchmarks, a package of their own, build on.
        .library(
            name: "VitrinePlatform",
            targets: ["ServiceKit", "Gateway", "ProductService", "CartService", "OrderService", "UserService"]),
    ],
    dependencies: [],
    targets: [
        // C
        .target(name: "CSystem", path: "Sources/CLibraries/CSystem"),
        .target(name: "CConsolePage", path: "Sources/CLibraries/CConsolePage"),
        .systemLibrary(
            name: "CSQLite", path: "Sources/CLibraries/CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COpenSSL", path: "Sources/CLibraries/COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCrypt", path: "Sources/CLibraries/CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(
            name: "CNghttp2", path: "Sources/CLibraries/CNghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/CLibraries/CZlib", providers: [.apt(["zlib1g-dev"])]),

        // Values and formats: no I/O
        library("JSON"),
        library("HTTPCore"),
        library("Telemetry", ["JSON", "CSystem"]),
        library("OrderDomain"),
        library("Compression", ["CZlib"], settings: strict),
        library("Protobuf"),
        library("Resilience", ["CSystem", "JSON", "Telemetry"]),
        library("Faults", ["CSystem", "HTTPCore", "JSON", "Telemetry"]),

        // The request path
        library("TLS", ["COpenSSL"], settings: strict),
        library("NetworkIO", ["CSystem", "TLS"]),
        library("HTTP2", ["CNghttp2", "HTTPCore"], settings: strict),
        library("HTTPEngine", ["NetworkIO", "HTTPCore", "HTTP2", "CSystem", "TLS"]),
        library("RPC", ["Compression", "CSystem", "HTTPCore", "Protobuf", "Telemetry"]),
        library("Security", ["COpenSSL", "CCrypt", "JSON"], settings: strict),
        library("Routing", ["HTTPCore", "JSON", "Security", "Telemetry"]),

        // Storage
        library("SQLite", ["CSQLite"], settings: strict),
        library("Persistence", ["SQLite", "NetworkIO", "CSystem", "Telemetry"]),

        // The shop
        library("ShopContracts", ["HTTPCore", "JSON", "Protobuf", "Routing", "RPC"]),
        library(
            "ServiceKit",
            [
                "CSystem", "Compression", "Faults", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "Persistence",
                "Protobuf", "RPC", "Resilience", "Routing", "Security", "ShopContracts", "TLS", "Telemetry",
            ]),
        library("UserService", ["ServiceKit", "ShopContracts"]),
        library("ProductService", ["ServiceKit", "ShopContracts"]),
        library("CartService", ["ServiceKit", "ShopContracts"]),
        library("OrderService", ["ServiceKit", "ShopContracts", "OrderDomain"]),
        library("Gateway", ["Resilience", "ServiceKit", "ShopContracts"]),
        library("LoadGenerator", ["CSystem", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "Telemetry"]),
        library("Lab", ["JSON", "Telemetry"]),
        .target(
            name: "Console",
            dependencies: [
                "CConsolePage", "CSystem", "Compression", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "Protobuf",
                "Routing", "ServiceKit", "Telemetry",
            ],
            // Built in by CConsolePage.
            exclude: ["Page"], swiftSettings: house),
        library("Chaos", ["CSystem", "Faults", "HTTPCore", "HTTPEngine", "JSON", "LoadGenerator", "NetworkIO"]),
        library(
            "Monitoring",
            [
                "CartService", "Console", "Faults", "Gateway", "HTTPCore", "JSON", "Lab", "LoadGenerator",
                "OrderService",
                "Persistence", "ProductService", "RPC", "Resilience", "ServiceKit", "Telemetry", "UserService",
            ]),
        .executableTarget(
            name: "vitrine",
            dependencies: [
                "Console", "ServiceKit", "Monitoring", "UserService", "ProductService", "CartService", "OrderService",
                "Gateway", "CSystem", "Chaos", "Faults", "HTTPCore", "HTTPEngine", "JSON", "Lab", "LoadGenerator",
                "NetworkIO", "Routing",
                "Telemetry", "TelemetryTesting",
            ],
            swiftSettings: house),
        // Reads what protoc has parsed, and writes the Swift of a contract; used by `make proto` alone.
        .executableTarget(name: "protoc-gen-vitrine", dependencies: ["Protobuf"], swiftSettings: house),

        // Test support, shipped as targets
        library("TelemetryTesting", ["Telemetry", "JSON"]),
        library("ServiceTesting", ["ServiceKit", "TelemetryTesting"]),
        library("ShellTesting"),
        library("TLSTesting", ["COpenSSL"], settings: strict),

        tests("JSONTests", ["JSON"]),
        tests("HTTPCoreTests", ["HTTPCore"]),
        tests("CompressionTests", ["Compression"]),
        tests("TelemetryTests", ["Telemetry", "TelemetryTesting", "JSON"]),
        tests("ProtobufTests", ["Protobuf", "ShellTesting"]),
        tests("ProtocPluginTests", ["Protobuf", "ShellTesting", "protoc-gen-vitrine"]),
        tests("ResilienceTests", ["Resilience", "Telemetry", "TelemetryTesting", "JSON"]),
        tests("FaultsTests", ["Faults", "HTTPCore", "JSON", "Telemetry", "TelemetryTesting"]),
        tests("HTTP2Tests", ["HTTP2", "HTTPCore"]),
        tests(
            "RPCTests",
            [
                "Compression", "HTTP2", "HTTPCore", "HTTPEngine", "NetworkIO", "Protobuf", "RPC", "Telemetry",
                "TelemetryTesting",
            ],
            exclude: ["Interop/client.py", "Interop/echo_contract.py", "Interop/server.py"]),
        tests(
            "LoadGeneratorTests",
            [
                "LoadGenerator", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "ServiceKit", "Telemetry",
                "TelemetryTesting",
            ]),
        tests(
            "ChaosTests", ["Chaos", "LoadGenerator", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "TelemetryTesting"]),
        tests(
            "ConsoleTests",
            [
                "CSystem", "Compression", "Console", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "Protobuf",
                "ShellTesting",
                "ServiceKit",
                "Telemetry",
                "TelemetryTesting",
            ], exclude: ["Interop"]),
        tests("LabTests", ["Lab", "JSON", "Telemetry"]),
        tests(
            "MonitoringTests",
            [
                "CartService", "Gateway", "HTTPCore", "JSON", "Monitoring", "OrderService", "ProductService",
                "ServiceKit",
                "ShellTesting", "Telemetry", "TelemetryTesting", "UserService",
            ],
            exclude: ["Dashboards/round_trip.py"]),
        tests("SecurityTests", ["Security", "JSON"]),
        tests("SQLiteTests", ["SQLite"]),
        tests("PersistenceTests", ["Persistence", "SQLite", "NetworkIO", "Telemetry", "TelemetryTesting"]),
        tests("TLSTests", ["TLS", "TLSTesting"]),
        tests("NetworkIOTests", ["NetworkIO", "TLS", "TLSTesting"]),
        tests(
            "HTTPEngineTests",
            ["HTTPEngine", "HTTP2", "HTTPCore", "NetworkIO", "TLS", "TLSTesting", "TelemetryTesting"]),
        tests("RoutingTests", ["Routing", "HTTPCore", "JSON", "TelemetryTesting"]),
        tests(
            "ServiceKitTests",
            [
                "CSystem", "Compression", "Faults", "HTTPCore", "HTTPEngine", "JSON", "NetworkIO", "Persistence",
                "Protobuf", "RPC", "Resilience", "Routing", "Security", "ServiceKit", "ServiceTesting", "ShopContracts",
                "TLS", "TLSTesting", "Telemetry", "TelemetryTesting",
            ]),
        tests("UserServiceTests", ["UserService", "ServiceTesting", "TelemetryTesting"]),
        tests("ProductServiceTests", ["ProductService", "ServiceTesting", "TelemetryTesting"]),
        tests("CartServiceTests", ["CartService", "ServiceTesting", "TelemetryTesting"]),
        tests("OrderServiceTests", ["OrderService", "OrderDomain", "ServiceTesting", "TelemetryTesting"]),
        tests("GatewayTests", ["Gateway", "HTTPEngine", "Resilience", "ServiceTesting", "TelemetryTesting"]),
        tests(
            "PlatformTests",
            [
                "CSystem", "Chaos", "Console", "HTTPCore", "HTTPEngine", "JSON", "Lab", "LoadGenerator", "NetworkIO",
                "ServiceKit", "ServiceTesting", "Telemetry", "TelemetryTesting", "UserService", "ProductService",
                "CartService",
                "OrderService",
                "Gateway", "Monitoring", "ShellTesting",
                "vitrine",
            ]),
    ]
)
