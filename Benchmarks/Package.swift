// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
let engine: [Target.Dependency] = ["Statistics", "MetaAnalysis", "Synthesis", "StudyProtocol"].map {
    .product(name: $0, package: "concordat")
}

// What times the engine and the gate from inside, and what simulates them. A package of its own, so that the root resolves and builds
// without it.
let package = Package(
    name: "concordat-benchmarks",
    dependencies: [
        .package(name: "concordat", path: ".."),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    ],
    targets: [
        .target(name: "Draws", swiftSettings: strict),
        .executableTarget(name: "coverage", dependencies: ["Draws"] + engine, swiftSettings: strict),
        // Its sites and its open gate are those of the tests, by symbolic link.
        .executableTarget(name: "engine-bench", dependencies: ["Draws"] + engine, swiftSettings: strict),
        .executableTarget(
            name: "gate-bench",
            dependencies: [
                "Draws", .product(name: "Ledger", package: "concordat"),
                .product(name: "Suppression", package: "concordat"), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
    ]
)
