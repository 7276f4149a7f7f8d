import Testing

@testable import GoogleEmulator

/// What keeps codes and tokens from growing without bound.
@Suite struct BoundedStoreTests {
    @Test func `one too many drops the oldest`() {
        var store = BoundedStore<Int>(limit: 3)
        for number in 0..<5 { store["\(number)"] = number }
        #expect(store.count == 3)
        #expect(store.map(\.value) == [2, 3, 4])
        #expect(store["1"] == nil)
        #expect(store["2"] == 2)
    }

    @Test func `a change keeps its place and a removal makes room`() {
        var store = BoundedStore<Int>(limit: 3)
        for number in 0..<3 { store["\(number)"] = number }
        store["0"] = 10
        store["1"] = nil
        store["3"] = 3
        #expect(store.map(\.key) == ["0", "2", "3"])
        store["4"] = 4
        #expect(store.map(\.key) == ["2", "3", "4"])
        store["2"]? += 5
        #expect(store["2"] == 7)
    }

    @Test func `a name that comes back counts as young`() {
        var store = BoundedStore<Int>(limit: 2)
        store["a"] = 1
        store["b"] = 2
        store["a"] = nil
        store["a"] = 3
        #expect(store.map(\.key) == ["b", "a"])
        store["c"] = 4
        #expect(store.map(\.key) == ["a", "c"])
    }

    @Test func `the old end goes while a condition holds`() {
        var store = BoundedStore<Int>(limit: 10)
        for number in 0..<6 { store["\(number)"] = number }
        store["1"] = nil
        store.removeOldest { $0 < 3 }
        #expect(store.map(\.value) == [3, 4, 5])
        store.removeOldest { _ in true }
        #expect(store.count == 0)
        #expect(store.map(\.value) == [])
    }

    @Test func `many comings and goings leave what is there`() {
        var store = BoundedStore<Int>(limit: 100)
        for number in 0..<10_000 {
            store["\(number)"] = number
            if number % 3 == 0 { store["\(number)"] = nil }
        }
        #expect(store.count == 99)
        #expect(store.map(\.value).last == 9998)
        #expect(store.map(\.value) == store.map(\.value).sorted())
    }
}
