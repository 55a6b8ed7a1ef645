#define _GNU_SOURCE
#include "ring.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

// Completions that are not reaped wait in the kernel once this is full; a multishot receive ends then.
enum { COMPLETIONS_PER_ENTRY = 4 };

struct piece {
    uint16_t next;
    uint32_t start;
    uint32_t end;
};

struct gh_ring {
    struct io_uring ring;
    struct io_uring_buf_ring *buffers;
    uint8_t *memory;
    struct piece *pieces;
    unsigned buffers_max;
    unsigned buffers_given;  // how many the kernel has ever been given; the rest has never been touched
    unsigned buffers_out;
    unsigned buffer_bytes;
    int is_registered;
};

enum { GROUP = 0 };

static size_t memory_bytes(const struct gh_ring *ring) { return (size_t)ring->buffers_max * ring->buffer_bytes; }

static size_t buffer_ring_bytes(const struct gh_ring *ring) {
    return (size_t)ring->buffers_max * sizeof(struct io_uring_buf);
}

static void *map(size_t bytes) {
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static void provide(struct gh_ring *ring, uint16_t buffer) {
    io_uring_buf_ring_add(ring->buffers, ring->memory + (size_t)buffer * ring->buffer_bytes, ring->buffer_bytes, buffer,
                          io_uring_buf_ring_mask(ring->buffers_max), 0);
    io_uring_buf_ring_advance(ring->buffers, 1);
}

static int provide_more(struct gh_ring *ring, unsigned count) {
    unsigned end = ring->buffers_given + count;
    if (end > ring->buffers_max) end = ring->buffers_max;
    if (ring->buffers_given == end) return 0;
    for (; ring->buffers_given < end; ring->buffers_given++) provide(ring, (uint16_t)ring->buffers_given);
    return 1;
}

int gh_ring_create(struct gh_ring **out, unsigned entries, unsigned buffers, unsigned buffers_max, unsigned buffer_bytes) {
    struct gh_ring *ring = calloc(1, sizeof *ring);
    if (!ring) return -ENOMEM;
    ring->buffers_max = buffers_max;
    ring->buffer_bytes = buffer_bytes;
    // One thread submits and reaps, and the kernel does its part of the work only while that thread waits in it: no
    // interrupts between processors, no locks. The ring begins disabled because the thread does not exist yet.
    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_R_DISABLED |
                 IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CLAMP | IORING_SETUP_CQSIZE,
        .cq_entries = entries * COMPLETIONS_PER_ENTRY,
    };
    int result = io_uring_queue_init_params(entries, &ring->ring, &parameters);
    if (result < 0) {
        free(ring);
        return result;
    }
    // Without these, completions could be lost, and waiting with a timeout would take a submission of its own.
    unsigned needed = IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_FAST_POLL;
    ring->pieces = calloc(buffers_max, sizeof *ring->pieces);
    ring->memory = map(memory_bytes(ring));
    ring->buffers = map(buffer_ring_bytes(ring));
    if ((parameters.features & needed) != needed) {
        result = -EINVAL;
    } else if (!ring->pieces || !ring->memory || !ring->buffers) {
        result = -ENOMEM;
    } else {
        io_uring_buf_ring_init(ring->buffers);
        struct io_uring_buf_reg registration = {
            .ring_addr = (uintptr_t)ring->buffers, .ring_entries = buffers_max, .bgid = GROUP};
        result = io_uring_register_buf_ring(&ring->ring, &registration, 0);
    }
    if (result < 0) {
        gh_ring_destroy(ring);
        return result;
    }
    provide_more(ring, buffers);
    *out = ring;
    return 0;
}

int gh_ring_enable(struct gh_ring *ring) {
    // What io_uring_enable_rings() does, which Debian 12's liburing declares but does not export.
    int result = io_uring_register((unsigned)ring->ring.ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
    if (result < 0) return result;
    // Saves looking up the descriptor in every turn. It belongs to the thread, so the thread has to undo it.
    ring->is_registered = io_uring_register_ring_fd(&ring->ring) == 1;
    return 0;
}

void gh_ring_leave(struct gh_ring *ring) {
    if (ring->is_registered) io_uring_unregister_ring_fd(&ring->ring);
    ring->is_registered = 0;
}

void gh_ring_destroy(struct gh_ring *ring) {
    io_uring_queue_exit(&ring->ring);
    if (ring->memory) munmap(ring->memory, memory_bytes(ring));
    if (ring->buffers) munmap(ring->buffers, buffer_ring_bytes(ring));
    free(ring->pieces);
    free(ring);
}

void gh_ring_turn(struct gh_ring *ring, int timeout_ms) {
    // Errors are left to the next turn: what was not submitted is still in the queue. ETIME and EINTR are none.
    if (timeout_ms == 0) {
        io_uring_submit_and_get_events(&ring->ring);
        return;
    }
    struct io_uring_cqe *first;
    struct __kernel_timespec timeout = {.tv_sec = timeout_ms / 1000, .tv_nsec = (timeout_ms % 1000) * 1000000L};
    io_uring_submit_and_wait_timeout(&ring->ring, &first, 1, timeout_ms < 0 ? NULL : &timeout, NULL);
}

int gh_ring_reap(struct gh_ring *ring, struct gh_completion *completions, int max) {
    int count = 0;
    unsigned head;
    struct io_uring_cqe *cqe;
    io_uring_for_each_cqe(&ring->ring, head, cqe) {
        if (count == max) break;
        uint16_t flags = 0;
        if (cqe->flags & IORING_CQE_F_MORE) flags |= GH_MORE;
        if (cqe->flags & IORING_CQE_F_BUFFER) {
            flags |= GH_BUFFER;
            ring->buffers_out++;
        }
        completions[count++] = (struct gh_completion){
            .token = cqe->user_data,
            .result = cqe->res,
            .buffer = (uint16_t)(cqe->flags >> IORING_CQE_BUFFER_SHIFT),
            .flags = flags,
        };
    }
    io_uring_cq_advance(&ring->ring, (unsigned)count);
    return count;
}

// A full queue is submitted at once. That fails only while the kernel has no memory for requests, and then there is
// nothing better to do than to ask again: an operation that was forgotten would leave its connection waiting for ever.
static struct io_uring_sqe *next(struct gh_ring *ring) {
    struct io_uring_sqe *sqe;
    while (!(sqe = io_uring_get_sqe(&ring->ring))) {
        if (io_uring_submit(&ring->ring) <= 0) sched_yield();
    }
    return sqe;
}

void gh_ring_poll(struct gh_ring *ring, int fd, int writes, int repeats, uint64_t token) {
    struct io_uring_sqe *sqe = next(ring);
    unsigned events = writes ? POLLOUT : POLLIN | POLLRDHUP;
    if (repeats) {
        io_uring_prep_poll_multishot(sqe, fd, events);
    } else {
        io_uring_prep_poll_add(sqe, fd, events);
    }
    sqe->user_data = token;
}

void gh_ring_receive_provided(struct gh_ring *ring, int fd, int repeats, uint64_t token) {
    struct io_uring_sqe *sqe = next(ring);
    if (repeats) {
        io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
    } else {
        io_uring_prep_recv(sqe, fd, NULL, 0, 0);
    }
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = GROUP;
    sqe->user_data = token;
}

void gh_ring_send(struct gh_ring *ring, int fd, const void *bytes, size_t count, int more, uint64_t token) {
    struct io_uring_sqe *sqe = next(ring);
    // With MSG_WAITALL the kernel sends the rest itself when there is room again. A length has 32 bits.
    if (count > (1u << 30)) count = 1u << 30;
    io_uring_prep_send(sqe, fd, bytes, count, MSG_NOSIGNAL | MSG_WAITALL | (more ? MSG_MORE : 0));
    sqe->user_data = token;
}

void gh_ring_cancel(struct gh_ring *ring, uint64_t target, uint64_t token) {
    struct io_uring_sqe *sqe = next(ring);
    io_uring_prep_cancel64(sqe, target, 0);
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    sqe->user_data = token;
}

int gh_ring_more_buffers(struct gh_ring *ring) { return provide_more(ring, ring->buffers_given); }

void gh_ring_give_back(struct gh_ring *ring, uint16_t buffer) {
    ring->buffers_out--;
    provide(ring, buffer);
}

void gh_ring_append(struct gh_ring *ring, struct gh_pieces *pieces, uint16_t buffer, uint32_t count) {
    ring->pieces[buffer] = (struct piece){.end = count};
    if (pieces->count == 0) {
        pieces->first = buffer;
    } else {
        ring->pieces[pieces->last].next = buffer;
    }
    pieces->last = buffer;
    pieces->count++;
}

size_t gh_ring_take(struct gh_ring *ring, struct gh_pieces *pieces, void *bytes, size_t room) {
    size_t taken = 0;
    while (pieces->count > 0 && taken < room) {
        uint16_t buffer = pieces->first;
        struct piece *piece = &ring->pieces[buffer];
        size_t count = piece->end - piece->start;
        if (count > room - taken) count = room - taken;
        memcpy((uint8_t *)bytes + taken, ring->memory + (size_t)buffer * ring->buffer_bytes + piece->start, count);
        taken += count;
        piece->start += (uint32_t)count;
        if (piece->start < piece->end) break;
        pieces->first = piece->next;
        pieces->count--;
        gh_ring_give_back(ring, buffer);
    }
    return taken;
}

void gh_ring_drop(struct gh_ring *ring, struct gh_pieces *pieces) {
    while (pieces->count > 0) {
        uint16_t buffer = pieces->first;
        pieces->first = ring->pieces[buffer].next;
        pieces->count--;
        gh_ring_give_back(ring, buffer);
    }
}

unsigned gh_ring_buffers_out(const struct gh_ring *ring) { return ring->buffers_out; }
