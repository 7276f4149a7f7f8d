import Testing

@Suite struct ImportTests {
    @Test func `every target imports only what the house allows`() throws {
        let repository = try Repository.here.get()
        let findings = repository.products.flatMap { ImportRules.breaches(in: $0) }
        expectNone(findings)
    }

    @Test func `every import is declared in Package.swift`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        // A folder without a target is the next test's to find.
        let files = repository.swiftFiles.filter { manifest.targets[$0.target] != nil }
        let findings = files.flatMap { ImportRules.undeclared(in: $0, manifest: manifest) }
        expectNone(findings)
    }

    @Test func `every folder of sources and tests is a target and the other way round`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        // Tests in other languages, and a program that tests start, with its part.
        let others: Set<String> = ["Clients", "Browser", "GoogleSimulation", "Simulator"]
        let folders = Set(repository.swiftFiles.map(\.target)).subtracting(others)
        let declared = manifest.targets.keys.filter { !House.undrawn.contains($0) }
        #expect(folders.symmetricDifference(declared).sorted() == [])
    }

    @Test func `every target of ours takes its warnings for errors`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        let lax = manifest.targets.values.filter {
            !manifest.strictSettings.contains($0.settings ?? "")
        }
        #expect(lax.map(\.name).sorted() == [])
        // C++ has settings of its own, and a list of their own.
        #expect(manifest.targets["CSimdjson"]?.settings == "houseRulesOfCXX")
    }

    @Test func `a target that lets warnings be is found`() throws {
        let manifest = try Manifest(
            """
            let rules: [SwiftSetting] = [.define("A"), .treatAllWarnings(as: .error)]
            let laxRules: [CXXSetting] = [.define("B"), .treatAllWarnings(as: .warning)]
            let package = Package(name: "x", targets: [
                .target(name: "Low", swiftSettings: rules),
                .target(name: "Shim", cxxSettings: laxRules),
                .target(name: "Bare", dependencies: [.target(name: "Low"), .target(name: "Shim")]),
            ])
            """)
        #expect(manifest.strictSettings == ["rules"])
        #expect(manifest.targets["Low"]?.settings == "rules")
        #expect(manifest.targets["Shim"]?.settings == "laxRules")
        #expect(manifest.targets["Bare"]?.settings == nil)
    }

    @Test func `every library has the targets that its interface speaks of`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        #expect(manifest.libraries.count > 3)
        let findings = manifest.libraries.flatMap {
            ImportRules.missing(in: $0, files: repository.products)
        }
        expectNone(findings)
    }

    @Test func `a library without a target of its interface is found`() throws {
        let manifest = try Manifest(
            "let p = Package(products: [.library(name: \"API\", targets: [\"GoogleAPI\"])])")
        let library = try #require(manifest.libraries.first)
        let file = SwiftFile(
            path: "Sources/GoogleAPI/A.swift",
            text: "public import Foundation\nimport LosslessJSON\npublic import WebClient")
        #expect(ImportRules.missing(in: library, files: [file]).map(\.line) == [3])
    }

    @Test func `no module shares its name with a type and no type shadows a known one`() throws {
        let repository = try Repository.here.get()
        let modules = Set(House.rows.map(\.target))
        let findings = repository.products.flatMap {
            NameRules.breaches(in: $0, modules: modules)
        }
        expectNone(findings)
    }

    @Test(arguments: [
        ("Sources/TandemCore/A.swift", "import TandemStore"),
        ("Sources/TandemSync/A.swift", "public import GoogleAPI"),
        ("Sources/TandemSync/A.swift", "import TandemActions"),
        ("Sources/GoogleEmulator/A.swift", "import GoogleAPI"),
        ("Sources/GoogleEmulator/A.swift", "import struct TandemCore.AccountID"),
        ("Sources/GoogleAPI/A.swift", "@preconcurrency import AsyncHTTPClient"),
        ("Sources/GoogleAPI/A.swift", "import NIOCore"),
        ("Sources/TandemCore/A.swift", "@_spi(Some) internal import Crypto"),
        ("Sources/TandemStore/A.swift", "import GRDB"),
        ("Sources/tandem/A.swift", "import FoundationNetworking"),
        ("Sources/tandem/A.swift", "import Testing"),
        ("Sources/tandem/A.swift", "import TandemTesting"),
        ("Sources/Attic/A.swift", "import Foundation"),
    ])
    func `an import against the house is found`(path: String, text: String) {
        #expect(ImportRules.breaches(in: SwiftFile(path: path, text: text)).count == 1)
    }

    @Test(arguments: [
        ("Sources/TandemStore/SQLite/A.swift", "import GRDB\nimport TandemCore"),
        ("Sources/TandemCore/A.swift", "public import Foundation\nimport LosslessJSON"),
        ("Sources/tandem/A.swift", "import GoogleConnector\nimport GoogleEmulator"),
        ("Sources/TandemTesting/A.swift", "import Testing\nimport TandemStore"),
        ("Sources/TandemCore/A.swift", "// import GRDB\nlet text = \"import GRDB\""),
    ])
    func `an import that the house allows is not`(path: String, text: String) {
        #expect(ImportRules.breaches(in: SwiftFile(path: path, text: text)).isEmpty)
    }

    @Test func `an import that Package.swift does not declare is found`() throws {
        let manifest = try Manifest(
            """
            let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
            let package = Package(name: "x", targets: [
                .target(name: "Low", dependencies: [crypto], swiftSettings: houseRules),
                .executableTarget(
                    name: "high",
                    dependencies: ["Low", .product(name: "Logging", package: "swift-log")]),
                .testTarget(name: "LowTests", dependencies: [.target(name: "Low")]),
            ])
            """)
        #expect(manifest.targets["Low"]?.dependencies == ["Crypto"])
        #expect(manifest.targets["high"]?.dependencies == ["Low", "Logging"])
        #expect(manifest.targets["LowTests"]?.isTest == true)
        let file = SwiftFile(
            path: "Sources/Low/A.swift", text: "import Crypto\nimport Foundation\nimport Logging")
        #expect(ImportRules.undeclared(in: file, manifest: manifest).map(\.line) == [3])
        let test = SwiftFile(
            path: "Tests/LowTests/A.swift", text: "import Testing\n@testable import Low\nimport X")
        #expect(ImportRules.undeclared(in: test, manifest: manifest).map(\.line) == [3])
    }

    @Test func `a dependency in an unknown form is an error and not overlooked`() {
        #expect(throws: Manifest.Unreadable.self) {
            try Manifest("x = [.target(name: \"Low\", dependencies: [mystery])]")
        }
    }

    @Test func `a type with a taken name is found`() {
        let text = "public struct Result {}\nenum Fine { struct Task {} }\nfinal class WebClient {}"
        let file = SwiftFile(path: "Sources/WebClient/A.swift", text: text)
        #expect(NameRules.breaches(in: file, modules: ["WebClient"]).map(\.line) == [1, 3])
    }
}
