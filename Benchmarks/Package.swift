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

// What times the engine from inside, and what simulates it. A package of its own, so that the root resolves and builds
// without it.
let package = Package(
    name: "concordat-benchmarks",
    dependencies: [.package(name: "concordat", path: "..")],
    targets: [
        .target(name: "Draws", swiftSettings: strict),
        .executableTarget(name: "coverage", dependencies: ["Draws"] + engine, swiftSettings: strict),
        // Its sites and its open gate are those of the tests, by symbolic link.
        .executableTarget(name: "engine-bench", dependencies: ["Draws"] + engine, swiftSettings: strict),
    ]
)
