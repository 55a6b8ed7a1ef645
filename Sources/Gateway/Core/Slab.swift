/// Values by number. Slots are used again, numbers are not: a wake-up that was on its way to a closed connection finds
/// nothing instead of the connection that took its slot.
struct Slab<Element> {
    private struct Slot {
        var element: Element?
        var generation = 0
    }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private(set) var count = 0

    /// A number is a slot, and how often the slot has been used before.
    private static var slotBits: Int { 24 }

    /// The number that the next `insert` will give.
    var nextID: Int {
        guard let slot = free.last else { return slots.count }
        return slots[slot].generation << Self.slotBits | slot
    }

    subscript(id: Int) -> Element? {
        guard let slot = slot(of: id) else { return nil }
        return slots[slot].element
    }

    var all: [Element] { slots.compactMap(\.element) }

    mutating func insert(_ element: Element) {
        count += 1
        if let slot = free.popLast() {
            slots[slot].element = element
        } else {
            slots.append(Slot(element: element))
        }
    }

    mutating func remove(_ id: Int) {
        guard let slot = slot(of: id), slots[slot].element != nil else { return }
        slots[slot].element = nil
        slots[slot].generation = (slots[slot].generation + 1) & 0x7F_FFFF_FFFF
        free.append(slot)
        count -= 1
    }

    private func slot(of id: Int) -> Int? {
        let slot = id & (1 << Self.slotBits - 1)
        guard id >= 0, slot < slots.count, slots[slot].generation == id >> Self.slotBits else { return nil }
        return slot
    }
}
