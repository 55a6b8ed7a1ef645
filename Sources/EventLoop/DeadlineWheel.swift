/// Where sockets with a deadline are looked at when their time may have come.
///
/// A deadline that moves later costs a store in the socket and nothing here: an entry says "look at this socket at this
/// tick", and the look re-arms it when the deadline has moved. One entry a socket is the rule; an earlier deadline adds a
/// second one, and the stale one is recognised by its tick.
struct DeadlineWheel {
    struct Entry {
        let token: UInt64
        let tick: UInt64
    }

    /// A tick in milliseconds: how late a deadline may be noticed.
    static let tickMilliseconds: Milliseconds = 8
    /// 2,048 ticks are about 16 s; later deadlines are looked at once each turn of the wheel.
    private static let slots = 2048

    private var buckets = [[Entry]](repeating: [], count: slots)
    /// One bit a bucket: whether it holds anything.
    private var occupied = [UInt64](repeating: 0, count: slots / 64)
    private var lastTick: UInt64

    init(now: Milliseconds) {
        lastTick = now / Self.tickMilliseconds
    }

    /// Asks for a look at `token` at `deadline` or, if that is more than a turn away, at the end of this turn. Returns the
    /// tick at which the look will happen.
    mutating func arm(_ token: UInt64, deadline: Milliseconds) -> UInt64 {
        let wanted = deadline / Self.tickMilliseconds + 1
        let tick = min(max(wanted, lastTick + 1), lastTick + UInt64(Self.slots) - 1)
        let slot = Int(tick % UInt64(Self.slots))
        buckets[slot].append(Entry(token: token, tick: tick))
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
        return tick
    }

    /// Takes the entries that are due at `now`.
    mutating func advance(to now: Milliseconds, _ due: inout [Entry]) {
        let nowTick = now / Self.tickMilliseconds
        guard nowTick > lastTick else { return }
        let first = lastTick + 1
        let last = min(nowTick, lastTick + UInt64(Self.slots))
        var tick = first
        while tick <= last {
            let slot = Int(tick % UInt64(Self.slots))
            let bit: UInt64 = 1 << UInt64(slot % 64)
            if occupied[slot / 64] & bit != 0 {
                occupied[slot / 64] &= ~bit
                due.append(contentsOf: buckets[slot])
                buckets[slot].removeAll(keepingCapacity: buckets[slot].count < 64)
            }
            tick += 1
        }
        lastTick = nowTick
    }

    /// Milliseconds from `now` to the next look; nil when nothing is armed.
    func next(after now: Milliseconds) -> Milliseconds? {
        let from = Int((lastTick + 1) % UInt64(Self.slots))
        // The word of `from` comes first with its lower bits masked off, and once more at the end with all of them.
        for step in 0...occupied.count {
            let word = (from / 64 + step) % occupied.count
            var bits = occupied[word]
            if step == 0 { bits &= ~0 << UInt64(from % 64) }
            guard bits != 0 else { continue }
            let slot = word * 64 + bits.trailingZeroBitCount
            let distance = (slot - from + Self.slots) % Self.slots
            let due = (lastTick + 1 + UInt64(distance)) * Self.tickMilliseconds
            return due > now ? due - now : 0
        }
        return nil
    }
}
