// swift-tools-version: 6.2
import PackageDescription

/// One set of compiler rules for every Swift target of ours: the checks of the coming language
/// mode, and no warning left standing.
let houseRules: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The same for C++.
let houseRulesOfCXX: [CXXSetting] = [
    .define("NDEBUG", .when(configuration: .release)),
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

let houseRulesOfC: [CSetting] = [
    .define("NDEBUG", .when(configuration: .release)),
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

// What each target may import is drawn in ARCHITECTURE.md and held by TidyTests.
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(
    name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "_CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPCompression: Target.Dependency = .product(
    name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let swiftASN1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

let package = Package(
    name: "tandem",
    platforms: [.macOS(.v15)],
    // A library has each target whose types stand in its own interface, so that it can be used alone.
    products: [
        .executable(name: "tandem", targets: ["tandem"]),
        .library(name: "LosslessJSON", targets: ["LosslessJSON"]),
        .library(name: "TandemFormats", targets: ["TandemFormats"]),
        .library(name: "GoogleAPI", targets: ["GoogleAPI", "LosslessJSON", "WebClient"]),
        .library(name: "GoogleEmulator", targets: ["GoogleEmulator", "LosslessJSON"]),
        .library(
            name: "TandemSync",
            targets: [
                "TandemCore", "TandemStore", "TandemSync", "TandemFeed", "TandemActions",
                "TandemFormats", "GoogleConnector", "GoogleAPI", "LosslessJSON", "WebClient",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // stone
        .target(
            name: "CSimdjson", cxxSettings: houseRulesOfCXX,
            linkerSettings: [.linkedLibrary("simdjson")]),
        .target(
            name: "CZlib", cSettings: houseRulesOfC, linkerSettings: [.linkedLibrary("z")]),
        .target(
            name: "LosslessJSON", dependencies: ["CSimdjson", crypto], swiftSettings: houseRules),
        .target(name: "TandemFormats", swiftSettings: houseRules),
        .target(
            name: "WebClient",
            dependencies: [asyncHTTPClient, nioCore, nioHTTP1, nioHTTPCompression, nioPosix],
            swiftSettings: houseRules),
        // words
        .target(name: "TandemCore", dependencies: ["LosslessJSON"], swiftSettings: houseRules),
        // ground
        .target(
            name: "TandemStore",
            dependencies: ["LosslessJSON", "TandemCore", crypto, grdb, grdbSQLite],
            swiftSettings: houseRules),
        // rules
        .target(
            name: "TandemSync",
            dependencies: ["LosslessJSON", "TandemCore", "TandemStore"],
            swiftSettings: houseRules),
        .target(
            name: "TandemFeed",
            dependencies: ["LosslessJSON", "TandemCore", "TandemStore"],
            swiftSettings: houseRules),
        .target(
            name: "TandemActions",
            dependencies: ["LosslessJSON", "TandemCore", "TandemStore", "TandemFormats"],
            swiftSettings: houseRules),
        // edge
        .target(
            name: "GoogleAPI", dependencies: ["LosslessJSON", "WebClient", crypto, cryptoExtras],
            swiftSettings: houseRules),
        .target(
            name: "GoogleConnector",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemSync", "TandemFormats", "GoogleAPI",
            ],
            swiftSettings: houseRules),
        .target(
            name: "GoogleEmulator",
            dependencies: [
                "CZlib", "LosslessJSON", "TandemFormats", crypto, cryptoExtras, httpTypes,
                hummingbird, lifecycle, logging, nioCore, nioHTTP1, nioPosix, nioSSL, swiftASN1,
                x509,
            ],
            swiftSettings: houseRules),
        // door
        .executableTarget(
            name: "tandem",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "TandemFeed",
                "TandemActions", "TandemFormats", "WebClient", "GoogleAPI", "GoogleConnector",
                "GoogleEmulator", argumentParser, logging,
            ],
            swiftSettings: houseRules),
        // examples
        .executableTarget(
            name: "EmbeddedSync",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "GoogleAPI",
                "GoogleConnector",
            ],
            path: "Examples/EmbeddedSync", swiftSettings: houseRules),
        .executableTarget(
            name: "CalendarListing", dependencies: ["LosslessJSON", "GoogleAPI"],
            path: "Examples/CalendarListing", swiftSettings: houseRules),
        .testTarget(
            name: "WithGoogleTests", dependencies: ["LosslessJSON", "GoogleAPI", "GoogleEmulator"],
            path: "Examples/WithGoogleTests", swiftSettings: houseRules),
        // bench
        .executableTarget(
            name: "LocalGoogleLoad",
            dependencies: ["GoogleEmulator", httpTypes, hummingbird, logging, nioCore, nioPosix],
            path: "Benchmarks/LocalGoogle", swiftSettings: houseRules),
        .executableTarget(
            name: "SyncFloor", path: "Benchmarks/SyncFloor", cxxSettings: houseRulesOfCXX,
            linkerSettings: [
                .linkedLibrary("simdjson"), .linkedLibrary("sqlite3"), .linkedLibrary("z"),
            ]),
        .target(
            name: "TandemTesting",
            dependencies: ["LosslessJSON", "TandemCore", "TandemStore", "TandemSync"],
            swiftSettings: houseRules),
        .executableTarget(
            name: "simulate-google",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "TandemActions",
                "TandemFormats", "WebClient", "GoogleAPI", "GoogleConnector", "GoogleEmulator",
                "TandemTesting",
            ],
            path: "Tests/GoogleSimulation", swiftSettings: houseRules),
        .executableTarget(
            name: "simulate", dependencies: ["TandemTesting"], path: "Tests/Simulator",
            swiftSettings: houseRules),
        .testTarget(
            name: "SimulationTests", dependencies: ["TandemTesting"],
            exclude: ["Fixtures"], swiftSettings: houseRules),
        .testTarget(
            name: "LosslessJSONTests", dependencies: ["LosslessJSON"],
            exclude: ["Fixtures"], swiftSettings: houseRules),
        .testTarget(
            name: "TandemFormatsTests", dependencies: ["TandemFormats"],
            exclude: ["Fixtures", "Oracle"], swiftSettings: houseRules),
        .testTarget(
            name: "WebClientTests",
            dependencies: ["WebClient", nioCore, nioHTTP1, nioPosix, nioSSL],
            swiftSettings: houseRules),
        .testTarget(
            name: "TandemCoreTests", dependencies: ["LosslessJSON", "TandemCore", "TandemTesting"],
            swiftSettings: houseRules),
        .testTarget(
            name: "TandemStoreTests",
            dependencies: ["LosslessJSON", "TandemCore", "TandemStore", "TandemTesting", grdb],
            swiftSettings: houseRules),
        .testTarget(
            name: "TandemSyncTests",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "TandemTesting",
                "GoogleConnector",
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "TandemFeedTests",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "TandemFeed",
                "TandemTesting",
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "TandemActionsTests",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemFormats", "TandemActions",
                "TandemTesting", "GoogleConnector",
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "GoogleAPITests",
            dependencies: ["LosslessJSON", "WebClient", "GoogleAPI", crypto, cryptoExtras],
            swiftSettings: houseRules),
        .testTarget(
            name: "GoogleConnectorTests",
            dependencies: [
                "LosslessJSON", "TandemCore", "TandemStore", "TandemSync", "TandemFormats",
                "GoogleAPI", "GoogleConnector", "GoogleEmulator", "TandemTesting", "WebClient",
            ],
            exclude: ["Fixtures"], swiftSettings: houseRules),
        .testTarget(
            name: "GoogleEmulatorTests",
            dependencies: [
                "LosslessJSON", "TandemFormats", "GoogleEmulator", asyncHTTPClient, crypto,
                nioCore, nioEmbedded, nioHTTP1, nioPosix, nioSSL, swiftASN1, x509,
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "tandemTests",
            dependencies: [
                "tandem", "LosslessJSON", "WebClient", "TandemCore", "TandemFormats",
                "TandemStore", "TandemSync", "TandemFeed", "TandemActions", "TandemTesting",
                "GoogleAPI", "GoogleEmulator", argumentParser,
            ],
            swiftSettings: houseRules),
        .testTarget(
            name: "ScenarioTests", dependencies: ["LosslessJSON"], exclude: ["Fixtures"],
            swiftSettings: houseRules),
        .testTarget(name: "TidyTests", swiftSettings: houseRules),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
