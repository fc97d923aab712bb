// swift-tools-version: 6.2
import PackageDescription

/// The same settings as the platform's own targets.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let platform: Target.Dependency = .product(name: "VitrinePlatform", package: "vitrine")

let package = Package(
    name: "vitrine-benchmarks",
    dependencies: [.package(name: "vitrine", path: "..")],
    targets: [
        // C
        .target(name: "CBenchSystem"),
        .target(name: "CAllocationCount"),

        // What is measured: one executable for times, the same with counted allocations.
        .target(name: "BenchEcho", dependencies: [platform], swiftSettings: house),
        .target(name: "BenchmarkServer", dependencies: ["BenchEcho", platform], swiftSettings: house),
        .executableTarget(name: "bench-server", dependencies: ["BenchmarkServer"], swiftSettings: house),
        .executableTarget(
            name: "bench-server-counting", dependencies: ["BenchmarkServer", "CAllocationCount"],
            swiftSettings: house),

        // What measures
        .executableTarget(name: "bench-load", dependencies: ["CBenchSystem"], swiftSettings: house),
        .executableTarget(name: "bench-calls", dependencies: ["BenchEcho", platform], swiftSettings: house),
        .executableTarget(
            name: "bench-micro", dependencies: ["BenchEcho", "CAllocationCount", "CBenchSystem", platform],
            swiftSettings: house),
    ]
)
