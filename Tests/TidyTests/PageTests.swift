import Testing

/// The landing pages of the libraries, and the page of the examples.
@Suite struct PageTests {
    private static func page(of target: String) -> String {
        "Sources/\(target)/\(target).docc/\(target).md"
    }

    @Test func `every library leads newcomers by pages whose links exist`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        let targets = Set(manifest.libraries.flatMap(\.targets)).sorted()
        #expect(targets.count > 8)
        var (findings, links) = ([Finding](), 0)
        for target in targets {
            let path = Self.page(of: target)
            let page = PageRules(try repository.text(of: path))
            let files = repository.products.filter { $0.target == target }
            findings += page.findings(
                path: path, target: target, symbols: SymbolIndex(files: files))
            links += page.links.count
        }
        expectNone(findings)
        print("landing pages: \(targets.count), \(links) links to symbols")
    }

    @Test func `every library shows an example, and all that is shown is compiled`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        let compiled = repository.swiftFiles.filter { !$0.isProduct && $0.target != "TidyTests" }
            .map { PageRules.squeezed($0.text) }
        for library in manifest.libraries {
            let page = PageRules(try repository.text(of: Self.page(of: library.name)))
            #expect(!page.blocks.isEmpty, "\(library.name) shows no example")
        }
        var findings: [Finding] = []
        let paths = try repository.paths(below: "Sources").filter { $0.hasSuffix(".md") }
        for path in paths + ["README.md", "Examples/README.md"] {
            let page = PageRules(try repository.text(of: path))
            findings += page.uncompiled(path: path, in: compiled)
        }
        expectNone(findings)
    }

    @Test func `every example needs one library, and its tests the local Google besides`() throws {
        let repository = try Repository.here.get()
        let manifest = try Manifest(repository.text(of: "Package.swift"))
        let examples = repository.swiftFiles.filter(\.isExample)
        let targets = Set(examples.map(\.target)).sorted()
        #expect(targets.count == 3)
        let google = try #require(manifest.libraries.first { $0.name == "GoogleEmulator" })
        for name in targets {
            let target = try #require(manifest.targets[name], "'\(name)' is no target")
            let extra = target.isTest ? google.targets : []
            let fits = manifest.libraries.contains {
                $0.targets.union(extra).isSuperset(of: target.dependencies)
            }
            #expect(fits, "'\(name)' needs more than one library")
        }
    }

    @Test func `the engine is embedded in forty lines`() throws {
        let repository = try Repository.here.get()
        let example = try #require(repository.swiftFiles.first { $0.target == "EmbeddedSync" })
        let lines = example.text.split(separator: "\n").filter { line in
            let text = line.drop { $0 == " " }
            return !text.isEmpty && !text.hasPrefix("//")
        }
        #expect(lines.count <= 40)
    }

    @Test func `public symbols are found under the names that pages link to`() {
        let text = """
            public struct Shelf<Item: Hashable>: Sendable {
                public private(set) var items: [Item] = []
                var hidden = { 1 }()
                public static let most = 3, fewest = 1
                public init?(of items: [Item], _ name: String = "{", limit: (Int, Int) -> Int) {}
                @discardableResult public func put<Value>(_ item: Value, on board: Int) -> Int { 1 }
                public func clear() { func inner() {}; let local = 1 }
                public subscript(index: Int) -> Item? { nil }
                public subscript(at index: Int, or other: Int) -> Item { get { items[0] } }
                public enum Side { case left, right(by: Int, Int), `default` }
                enum Secret { case known }
                public static func == (left: Self, right: Self) -> Bool { true }
                public class func make(_ pairs: Dictionary<Int, Int>, then: () -> Void) {}
            }
            public protocol Reader { var place: Int { get }; func read(to end: Int) async throws }
            extension Shelf.Side { public var name: String { "case" } }
            public extension Shelf { func open() {}; private func shut() {} }
            public func withShelf(_ body: (Shelf<Int>) -> Void) {}
            func internally() {}
            """
        let file = SwiftFile(path: "Sources/A/A.swift", text: text)
        #expect(
            SymbolIndex(files: [file]).paths.sorted() == [
                "Reader", "Reader/place", "Reader/read(to:)", "Shelf", "Shelf/Side",
                "Shelf/Side/default", "Shelf/Side/left", "Shelf/Side/name",
                "Shelf/Side/right(by:_:)", "Shelf/clear()", "Shelf/init(of:_:limit:)",
                "Shelf/items", "Shelf/make(_:then:)", "Shelf/most", "Shelf/open()",
                "Shelf/put(_:on:)", "Shelf/subscript(_:)", "Shelf/subscript(at:or:)",
                "withShelf(_:)",
            ])
    }

    @Test func `what is wrong with a page is found`() {
        let file = SwiftFile(path: "Sources/A/A.swift", text: "public struct Shelf {}")
        let symbols = SymbolIndex(files: [file])
        let good = """
            # ``A``
            ## Overview
            A ``Shelf``.
            ```swift
            let shelf = Shelf()
            ```
            ## Topics
            - ``Shelf``
            """
        let page = PageRules(good)
        #expect(page.findings(path: "A.md", target: "A", symbols: symbols).isEmpty)
        #expect(page.topics == 1 && page.blocks.map(\.line) == [4])
        #expect(page.uncompiled(path: "A.md", in: ["letshelf=Shelf()"]).isEmpty)
        #expect(page.uncompiled(path: "A.md", in: ["letshelf=Book()"]).map(\.line) == [4])
        let broken = good.replacing("- ``Shelf``", with: "- ``Book``")
        #expect(
            PageRules(broken).findings(path: "A.md", target: "A", symbols: symbols).map(\.line)
                == [8])
        for part in ["# ``A``\n", "## Overview\n", "- ``Shelf``"] {
            let lacking = PageRules(good.replacing(part, with: ""))
            #expect(!lacking.findings(path: "A.md", target: "A", symbols: symbols).isEmpty)
        }
    }
}
