#pragma once
// io_uring for the event loop, through liburing: one ring a loop, used by the loop's thread alone once it is enabled.
#include <stdint.h>
#include <stddef.h>

struct gh_ring;

enum {
    GH_NO_BUFFERS = 105,  // ENOBUFS: no provided buffer was left
    GH_CANCELLED = 125,   // ECANCELED
};

/// One completion: the token of the operation, and its result (a count, or -errno).
struct gh_completion {
    uint64_t token;
    int32_t result;
    /// The provided buffer that was received into, or -1.
    int32_t buffer;
    /// Not 0: the operation goes on, and more completions with this token follow.
    int32_t more;
};

/// A ring with `buffers` provided buffers of `buffer_bytes` each; both powers of two. Returns NULL and sets `error` to
/// -errno when the kernel or its policy does not allow it.
struct gh_ring *gh_ring_create(uint32_t entries, uint32_t buffers, uint32_t buffer_bytes, int *error);
void gh_ring_destroy(struct gh_ring *ring);
/// To be called once by the thread that will use the ring. 0 or -errno.
int gh_ring_enable(struct gh_ring *ring);

// Operations. They are queued, and submitted with the next turn.

/// Receives into a provided buffer, which is taken only when there is something to receive.
void gh_ring_receive(struct gh_ring *ring, int fd, uint64_t token);
/// Receives into memory of the caller, which stays put until the completion.
void gh_ring_receive_into(struct gh_ring *ring, int fd, void *bytes, size_t count, uint64_t token);
/// Sends from memory of the caller, which stays as it is until the completion.
void gh_ring_send(struct gh_ring *ring, int fd, const void *bytes, size_t count, int more, uint64_t token);
/// Waits once until `fd` can be read (or written, if `out`).
void gh_ring_poll(struct gh_ring *ring, int fd, int out, uint64_t token);
/// Completes each time something arrives at `fd`.
void gh_ring_poll_always(struct gh_ring *ring, int fd, uint64_t token);
/// Cancels the operation with that token; it completes with -ECANCELED, or as if nothing had happened.
void gh_ring_cancel(struct gh_ring *ring, uint64_t target, uint64_t token);

/// Submits what is queued, waits for a completion (for ever when `timeout_ms` is below 0, not at all for 0), and fills at
/// most `max` completions in. Returns their number, or -errno; a wait that was interrupted or timed out is 0 of them.
int gh_ring_turn(struct gh_ring *ring, struct gh_completion *completions, int max, int timeout_ms);

/// The memory of a provided buffer.
const void *gh_ring_buffer(struct gh_ring *ring, int32_t buffer);
/// Lets the kernel have a provided buffer again.
void gh_ring_give_back(struct gh_ring *ring, int32_t buffer);
