// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]
let strictC: [CSetting] = [.treatAllWarnings(as: .error)]

// The modules follow the flow of one study and depend in one direction only: each entry may name only entries
// above it. CONTRIBUTING.md says in one sentence each what lives there and what must not.
let package = Package(
    name: "concordat",
    products: [
        .executable(name: "concordat", targets: ["concordat"]),
        .executable(name: "concordat-agent", targets: ["concordat-agent"]),
        .executable(name: "concordat-coordinator", targets: ["concordat-coordinator"]),
        .executable(name: "concordat-model-host", targets: ["concordat-model-host"]),
        // What the nested package of benchmarks measures.
        .library(name: "Ledger", targets: ["Ledger"]),
        .library(name: "Statistics", targets: ["Statistics"]),
        .library(name: "MetaAnalysis", targets: ["MetaAnalysis"]),
        .library(name: "StudyProtocol", targets: ["StudyProtocol"]),
        .library(name: "Suppression", targets: ["Suppression"]),
        .library(name: "Synthesis", targets: ["Synthesis"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        // C shims: the only places that see a foreign library's headers.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShim", dependencies: ["CCurl"], cSettings: strictC),
        .target(
            name: "CDicom",
            cxxSettings: [.treatAllWarnings(as: .error)],
            linkerSettings: ["dcmdata", "oflog", "ofstd"].map { .linkedLibrary($0) }
        ),
        .target(name: "COnnxRuntime", cSettings: strictC, linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CLinearProgram", cSettings: strictC, linkerSettings: [.linkedLibrary("Clp")]),
        .target(name: "CConfinement", cSettings: strictC, linkerSettings: [.linkedLibrary("seccomp")]),

        // Pure: no file, socket, clock or random source (but for Evidence's key files).
        .target(name: "TextCatalogue", swiftSettings: strict),
        .target(name: "StrictJSON", dependencies: ["TextCatalogue"], swiftSettings: strict),
        .target(
            name: "Evidence",
            dependencies: ["StrictJSON", "TextCatalogue", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict
        ),
        .target(name: "Statistics", dependencies: ["TextCatalogue"], swiftSettings: strict),
        .target(name: "MetaAnalysis", dependencies: ["Statistics", "TextCatalogue"], swiftSettings: strict),
        .target(name: "Scoring", dependencies: ["Statistics", "TextCatalogue"], swiftSettings: strict),
        .target(
            name: "StudyProtocol",
            dependencies: ["StrictJSON", "Evidence", "Statistics", "TextCatalogue"],
            swiftSettings: strict
        ),
        .target(
            name: "Messages",
            dependencies: ["StrictJSON", "Evidence", "Statistics", "StudyProtocol", "TextCatalogue"],
            swiftSettings: strict
        ),
        .target(name: "Suppression", dependencies: ["CLinearProgram"], swiftSettings: strict),
        .target(name: "Ledger", dependencies: ["TextCatalogue"], swiftSettings: strict),
        .target(name: "Privacy", dependencies: ["TextCatalogue"], swiftSettings: strict),
        .target(
            name: "Disclosure",
            dependencies: ["Statistics", "StudyProtocol", "Suppression", "Ledger", "Privacy"],
            swiftSettings: strict
        ),
        .target(
            name: "Synthesis",
            dependencies: ["Statistics", "MetaAnalysis", "StudyProtocol", "Messages", "Evidence", "Privacy"],
            swiftSettings: strict
        ),
        .target(
            name: "Reports",
            dependencies: ["Evidence", "Statistics", "StudyProtocol", "Messages", "Synthesis", "TextCatalogue"],
            swiftSettings: strict
        ),

        // I/O of `concordat score`: tables and masks in local files.
        .target(
            name: "LocalScoring",
            dependencies: ["Statistics", "MetaAnalysis", "Scoring", "StrictJSON", "TextCatalogue"],
            swiftSettings: strict
        ),

        // I/O of a site.
        .target(
            name: "Transport",
            dependencies: ["CCurl", "CCurlShim", "Messages", "Evidence", "StrictJSON", "TextCatalogue"],
            swiftSettings: strict
        ),
        .target(name: "Imaging", dependencies: ["CDicom", "TextCatalogue"], swiftSettings: strict),
        .target(
            name: "Catalogue",
            dependencies: [
                "Imaging", "Statistics", "StudyProtocol", "Evidence", "StrictJSON", "TextCatalogue",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ModelRuntime",
            dependencies: [
                "StrictJSON", "Evidence", "TextCatalogue", "CConfinement",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Agent",
            dependencies: [
                "Messages", "Evidence", "StudyProtocol", "Statistics", "Ledger", "Privacy", "Disclosure", "Catalogue",
                "Imaging",
                "ModelRuntime", "Transport", "StrictJSON", "TextCatalogue",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),

        // I/O of the coordinator.
        .target(
            name: "Coordinator",
            dependencies: [
                "Messages", "Evidence", "StudyProtocol", "Statistics", "Synthesis", "StrictJSON", "TextCatalogue",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),

        // Executables: argument parsing and wiring only.
        .executableTarget(
            name: "concordat",
            dependencies: [
                "Evidence", "StudyProtocol", "Messages", "Synthesis", "Reports", "Transport", "ModelRuntime",
                "Statistics", "MetaAnalysis", "Scoring", "LocalScoring", "StrictJSON", "TextCatalogue",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "concordat-agent",
            dependencies: [
                "Agent", "Catalogue", "Disclosure", "Evidence", "Messages", "StrictJSON", "StudyProtocol",
                "TextCatalogue",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "concordat-coordinator",
            dependencies: [
                "Coordinator", "Messages", "TextCatalogue",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "concordat-model-host",
            dependencies: ["COnnxRuntime", "CConfinement"],
            swiftSettings: strict
        ),

        // Hostile code that the tests run inside the sandbox.
        .executableTarget(name: "sandbox-probe", dependencies: ["CConfinement"], path: "Tests/SandboxProbe"),
        // Tests, in the order of the modules.
        .testTarget(
            name: "TextCatalogueTests",
            dependencies: ["TextCatalogue"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StrictJSONTests",
            dependencies: ["StrictJSON", "TextCatalogue"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EvidenceTests",
            dependencies: ["Evidence", "StrictJSON", "TextCatalogue"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StatisticsTests",
            dependencies: ["Statistics"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MetaAnalysisTests",
            dependencies: ["MetaAnalysis", "Statistics"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ScoringTests",
            dependencies: ["Scoring", "Statistics"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LocalScoringTests",
            dependencies: ["LocalScoring", "Statistics", "Scoring", "MetaAnalysis", "StrictJSON", "TextCatalogue"],
            swiftSettings: strict
        ),
        // Every published number that the engine claims to reproduce, from copies of the programs' own outputs.
        .testTarget(
            name: "ReferenceTests",
            dependencies: ["Statistics", "MetaAnalysis", "Scoring", "LocalScoring"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StudyProtocolTests",
            dependencies: ["StudyProtocol", "StrictJSON", "Evidence", "Statistics", "TextCatalogue"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MessagesTests",
            dependencies: ["Messages", "StudyProtocol", "StrictJSON", "Evidence", "Statistics", "TextCatalogue"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SuppressionTests",
            dependencies: ["Suppression"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Ledger", "TextCatalogue"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PrivacyTests",
            dependencies: ["Privacy", "TextCatalogue"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DisclosureTests",
            dependencies: ["Disclosure", "Statistics", "StudyProtocol", "Suppression", "Ledger", "Privacy"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SynthesisTests",
            dependencies: [
                "Synthesis", "MetaAnalysis", "Messages", "Statistics", "StudyProtocol", "Evidence", "StrictJSON",
                "Privacy",
            ],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransportTests",
            dependencies: ["Transport", "Messages", "Evidence", "StudyProtocol", "StrictJSON"],
            exclude: ["Server"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ImagingTests",
            dependencies: ["Imaging", "TextCatalogue"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CatalogueTests",
            dependencies: [
                "Catalogue", "Imaging", "StudyProtocol", "Statistics", "Evidence", "StrictJSON", "TextCatalogue",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ModelRuntimeTests",
            dependencies: ["ModelRuntime", "Evidence", "CConfinement", "concordat-model-host", "sandbox-probe"],
            exclude: ["Vectors"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "Agent", "Messages", "Disclosure", "Privacy", "Evidence", "StudyProtocol", "Statistics", "StrictJSON",
                "TextCatalogue",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Server"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CoordinatorTests",
            dependencies: [
                "Coordinator", "concordat-coordinator", "Messages", "Evidence", "StudyProtocol", "Statistics",
                "StrictJSON",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["concordat", "concordat-agent", "concordat-coordinator", "concordat-model-host"],
            swiftSettings: strict
        ),
    ]
)
