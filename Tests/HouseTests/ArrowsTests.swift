import Testing

/// The arrows between rooms as Package.swift draws them.
struct PackageArrows {
    /// Target → what it may import.
    let arrows: [String: Set<String>]

    /// Reads `room("Name", ["A", "B"])` and `.executableTarget(name: "Name", dependencies: ["A"])`; the other targets of
    /// Sources are C and stand on nothing.
    init(_ text: String) {
        var arrows: [String: Set<String>] = [:]
        // Up to the helper calls below the rooms: test targets may import what they like.
        let declarations = text.split(
            separator: #/(?=\b(?:room|tests)\(\s*"|\.(?:target|executableTarget|systemLibrary)\(\s*name:\s*")/#)
        for declaration in declarations {
            guard !declaration.contains("path: \"Tests"), !declaration.contains("path: \"Fuzz"),
                !declaration.contains("path: \"Benchmarks"),
                let name = declaration.firstMatch(
                    of: #/^(?:room|\.target|\.executableTarget|\.systemLibrary)\(\s*(?:name:\s*)?"(\w+)"/#)
            else { continue }
            let list =
                declaration.firstMatch(of: #/^room\(\s*"\w+",\s*(\[[^\]]*\])/#)?.1
                ?? declaration.firstMatch(of: #/dependencies:\s*(\[[^\]]*\])/#)?.1
            arrows[String(name.1)] = Set((list ?? "").matches(of: #/"(\w+)"/#).map { String($0.1) }).subtracting([
                "ArgumentParser"
            ])
        }
        self.arrows = arrows
    }
}

@Suite("Arrows between rooms")
struct ArrowsTests {
    /// Modules of the toolchain.
    static let toolchain: Set<String> = ["Glibc", "Synchronization", "Swift"]
    /// Products of other packages.
    static let products: Set<String> = ["ArgumentParser"]

    static func imports(of file: SourceFile) -> Set<String> {
        let lines = file.code.filter { $0.contains("import ") }
        let pattern = #/^\s*(?:@\w+\s+)?(?:package |public |internal |private )?import (?:\w+ )?(\w+)/#
        return Set(lines.compactMap { $0.firstMatch(of: pattern) }.map { String($0.1) })
    }

    let package: PackageArrows

    init() throws {
        package = PackageArrows(try Repository.text("Package.swift"))
    }

    @Test("every folder of Sources is a target, and every target a folder")
    func folders() throws {
        #expect(try Repository.folders(in: "Sources") == package.arrows.keys.sorted())
    }

    @Test("a room imports only what Package.swift lets it import")
    func declared() throws {
        for file in try Repository.swiftSources.get() {
            let allowed = package.arrows[file.folder, default: []].union(Self.toolchain).union(
                file.folder == "gatehouse" ? Self.products : [])
            let undeclared = Self.imports(of: file).subtracting(allowed)
            #expect(
                undeclared.isEmpty,
                "\(file.path): no arrow to \(undeclared.sorted()). Instead: let the room in between offer what is needed"
            )
        }
    }

    @Test("every arrow is used: one that is not would let something in unseen")
    func used() throws {
        let sources = try Repository.swiftSources.get()
        // The command line wires everything together and is given every arrow.
        for (room, arrows) in package.arrows where room != "gatehouse" && sources.contains(where: { $0.folder == room })
        {
            let used = sources.filter { $0.folder == room }.reduce(into: Set<String>()) {
                $0.formUnion(Self.imports(of: $1))
            }
            #expect(
                arrows.subtracting(used).isEmpty, "\(room) does not import them: take the arrows out of Package.swift")
        }
    }

    @Test("arrows point one way")
    func acyclic() {
        // Rooms are taken away once all they stand on is gone; what stays stands in a circle.
        var standing = package.arrows
        while let free = standing.first(where: { $0.value.allSatisfy { standing[$0] == nil } })?.key {
            standing[free] = nil
        }
        #expect(standing.isEmpty, "a circle of arrows")
    }

    @Test("each C library has exactly one Swift room")
    func libraries() {
        for library in package.arrows.keys where library.first == "C" && library.dropFirst().first?.isUppercase == true
        {
            let rooms = package.arrows.filter { $0.value.contains(library) }.keys.sorted()
            #expect(rooms.count == 1, "\(library) is used by \(rooms). Instead: go through the room that owns it")
        }
    }

    @Test("the tour of the README names every folder of Sources, below all that it uses")
    func tour() throws {
        let readme = try Repository.text("README.md")
        let tour = try #require(readme.split(separator: "| folder |").last)
        var seen: Set<String> = []
        for row in tour.split(separator: "\n").filter({ $0.hasPrefix("| `") }) {
            let folders = row.matches(of: #/`(\w+)`/#).map { String($0.1) }.filter { package.arrows[$0] != nil }
            for folder in folders {
                let unseen = package.arrows[folder, default: []].subtracting(seen)
                #expect(unseen.isEmpty, "\(folder) uses \(unseen.sorted()): move its row below theirs")
            }
            seen.formUnion(folders)
        }
        let missing = try Set(Repository.folders(in: "Sources")).subtracting(seen)
        #expect(missing.isEmpty, "the README's tour does not say what they are for")
    }

    @Test("no two decisions share a number")
    func decisions() throws {
        let numbers = try Repository.files(in: "docs/decisions", "md").compactMap {
            $0.path.split(separator: "/").last.flatMap { Int($0.prefix(4)) }
        }
        #expect(Set(numbers).count == numbers.count, "\(numbers)")
    }
}
