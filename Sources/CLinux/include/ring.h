#pragma once
// io_uring in types that Swift reads without a union: what a loop asks for goes into a queue of submissions, and what has
// become of it comes out as completions. liburing's own header stays in ring.c: it does not survive the module build.
#include <stddef.h>
#include <stdint.h>

/// One ring, its provided buffers included. All of it belongs to the thread that has called `gh_ring_enable`.
struct gh_ring;

/// What has become of one operation. `token` is what it was asked for with; `result` a count, or -errno.
struct gh_completion {
    uint64_t token;
    int32_t result;
    uint16_t buffer;  // the provided buffer that holds the bytes, with GH_BUFFER
    uint16_t flags;
};

enum {
    GH_MORE = 1,    // the operation goes on: more completions follow
    GH_BUFFER = 2,  // the bytes are in a provided buffer, which is the receiver's now
};

/// Provided buffers that hold received bytes, oldest first. All zero is an empty list.
struct gh_pieces {
    uint16_t first;
    uint16_t last;
    uint32_t count;
};

/// Makes a ring that does nothing yet. `entries` operations can wait to be submitted; of `buffers_max` (a power of two)
/// provided buffers, `buffers` are handed to the kernel at once. Returns 0 or -errno.
int gh_ring_create(struct gh_ring **ring, unsigned entries, unsigned buffers, unsigned buffers_max, unsigned buffer_bytes);
/// Makes the calling thread the one that uses the ring. Returns 0 or -errno.
int gh_ring_enable(struct gh_ring *ring);
/// The last call of the thread that has enabled it.
void gh_ring_leave(struct gh_ring *ring);
void gh_ring_destroy(struct gh_ring *ring);

/// Submits what was asked for, and waits for a completion: at most `timeout_ms`, for ever with -1, not at all with 0.
void gh_ring_turn(struct gh_ring *ring, int timeout_ms);
/// Takes at most `max` completions; returns their number.
int gh_ring_reap(struct gh_ring *ring, struct gh_completion *completions, int max);

// Operations. Each is submitted with the next turn (or before, when the queue is full), and cannot fail here.

/// Completes when `fd` can be read, or written with `writes`; again and again with `repeats`.
void gh_ring_poll(struct gh_ring *ring, int fd, int writes, int repeats, uint64_t token);
/// Receives into a provided buffer; with `repeats` into one after the other until the stream ends, the buffers do
/// (-ENOBUFS), or it is cancelled.
void gh_ring_receive_provided(struct gh_ring *ring, int fd, int repeats, uint64_t token);
/// Sends all of the bytes, which stay put until the completion. What a cancelled send has sent counts as its result.
void gh_ring_send(struct gh_ring *ring, int fd, const void *bytes, size_t count, int more, uint64_t token);
/// Ends the operation that was asked for with `target`, which completes in any case. Says nothing when it succeeds.
void gh_ring_cancel(struct gh_ring *ring, uint64_t target, uint64_t token);

// Provided buffers.

/// Hands more buffers to the kernel; 0 when it has had all of them.
int gh_ring_more_buffers(struct gh_ring *ring);
/// Gives a buffer back to the kernel.
void gh_ring_give_back(struct gh_ring *ring, uint16_t buffer);
/// Puts a buffer with `count` received bytes at the end of the list.
void gh_ring_append(struct gh_ring *ring, struct gh_pieces *pieces, uint16_t buffer, uint32_t count);
/// Copies at most `room` bytes from the front of the list, and gives back the buffers that are empty then.
size_t gh_ring_take(struct gh_ring *ring, struct gh_pieces *pieces, void *bytes, size_t room);
/// Gives back all buffers of the list.
void gh_ring_drop(struct gh_ring *ring, struct gh_pieces *pieces);
/// How many buffers the kernel does not have at the moment.
unsigned gh_ring_buffers_out(const struct gh_ring *ring);
