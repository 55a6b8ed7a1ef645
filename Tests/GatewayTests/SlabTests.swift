import Testing

@testable import Gateway

@Suite struct SlabTests {
    @Test("the number of a removed value finds nothing, also when its slot is taken again")
    func generations() {
        var slab = Slab<String>()
        let first = slab.nextID
        slab.insert("first")
        slab.remove(first)
        let second = slab.nextID
        slab.insert("second")
        #expect(slab[first] == nil)
        #expect(slab[second] == "second")
        slab.remove(first)
        #expect(slab[second] == "second")
        #expect(slab.count == 1)
    }

    @Test("numbers that were never given find nothing", arguments: [-1, 0, 1 << 24, .max, .min])
    func unknown(id: Int) { #expect(Slab<String>()[id] == nil) }

    @Test("many values keep their own numbers")
    func many() {
        var slab = Slab<Int>()
        var ids: [Int] = []
        for value in 0..<100 {
            ids.append(slab.nextID)
            slab.insert(value)
        }
        for index in stride(from: 0, to: 100, by: 2) { slab.remove(ids[index]) }
        for index in 0..<100 { #expect(slab[ids[index]] == (index % 2 == 0 ? nil : index)) }
        #expect(slab.all.count == 50)
    }
}
