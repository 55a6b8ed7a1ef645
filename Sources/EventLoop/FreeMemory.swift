import CLinux

/// What was freed and not yet given back to the system.
package enum FreeMemory {
    /// Gives it back. For rare moments after which much is free: the allocator keeps pages as long as something lives above
    /// them, and would keep more each time. Takes a few milliseconds; other threads that allocate wait meanwhile.
    package static func giveBack() { gh_trim_memory() }
}
