/// The sockets of one loop by token: a slot number and a generation, so that an event that was queued for a closed socket
/// never reaches the one that took its slot.
struct SocketTable {
    private var sockets: [Socket?] = []
    private var generations: [UInt32] = []
    private var freeSlots: [Int] = []

    private static func slot(_ token: UInt64) -> Int { Int(token & 0xFFFF_FFFF) }
    private static func generation(_ token: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: token >> 32) }

    subscript(token: UInt64) -> Socket? {
        let slot = Self.slot(token)
        guard slot < sockets.count, generations[slot] == Self.generation(token) else { return nil }
        return sockets[slot]
    }

    mutating func insert(_ socket: Socket) -> UInt64 {
        if let slot = freeSlots.popLast() {
            sockets[slot] = socket
            return UInt64(generations[slot]) << 32 | UInt64(slot)
        }
        sockets.append(socket)
        generations.append(0)
        return UInt64(sockets.count - 1)
    }

    mutating func remove(_ token: UInt64) {
        let slot = Self.slot(token)
        guard slot < sockets.count, generations[slot] == Self.generation(token), sockets[slot] != nil else { return }
        sockets[slot] = nil
        // The four highest bits stay free: for the kind of operation, and so that no token is the loop's wake token.
        generations[slot] = (generations[slot] &+ 1) & 0x0FFF_FFFF
        freeSlots.append(slot)
    }
}
