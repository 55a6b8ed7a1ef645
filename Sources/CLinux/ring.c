#define _GNU_SOURCE
#include "ring.h"

#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BUFFER_GROUP = 1 };

struct gh_ring {
    struct io_uring ring;
    struct io_uring_buf_ring *buffers;
    size_t buffers_bytes;
    uint8_t *memory;
    uint32_t count;
    uint32_t buffer_bytes;
};

static int provide_buffers(struct gh_ring *r) {
    r->buffers_bytes = r->count * sizeof(struct io_uring_buf);
    void *shared = mmap(NULL, r->buffers_bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (shared == MAP_FAILED) return -errno;
    r->buffers = shared;
    void *memory = mmap(NULL, (size_t)r->count * r->buffer_bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (memory == MAP_FAILED) return -errno;
    r->memory = memory;
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)r->buffers, .ring_entries = r->count, .bgid = BUFFER_GROUP};
    int result = io_uring_register_buf_ring(&r->ring, &registration, 0);
    if (result < 0) return result;
    io_uring_buf_ring_init(r->buffers);
    for (uint32_t i = 0; i < r->count; i++) {
        io_uring_buf_ring_add(
            r->buffers, r->memory + (size_t)i * r->buffer_bytes, r->buffer_bytes, (uint16_t)i,
            io_uring_buf_ring_mask(r->count), (int)i);
    }
    io_uring_buf_ring_advance(r->buffers, (int)r->count);
    return 0;
}

struct gh_ring *gh_ring_create(uint32_t entries, uint32_t buffers, uint32_t buffer_bytes, int *error) {
    struct gh_ring *r = calloc(1, sizeof *r);
    if (!r) {
        *error = -ENOMEM;
        return NULL;
    }
    r->count = buffers;
    r->buffer_bytes = buffer_bytes;
    // Disabled, because the thread that enables it is the only one that may use it from then on.
    struct io_uring_params params = {
        .flags = IORING_SETUP_R_DISABLED | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CLAMP |
                 IORING_SETUP_CQSIZE,
        .cq_entries = entries * 8};
    int result = io_uring_queue_init_params(entries, &r->ring, &params);
    if (result < 0) {
        free(r);
        *error = result;
        return NULL;
    }
    result = provide_buffers(r);
    if (result < 0) {
        gh_ring_destroy(r);
        *error = result;
        return NULL;
    }
    return r;
}

void gh_ring_destroy(struct gh_ring *r) {
    io_uring_queue_exit(&r->ring);
    if (r->buffers) munmap(r->buffers, r->buffers_bytes);
    if (r->memory) munmap(r->memory, (size_t)r->count * r->buffer_bytes);
    free(r);
}

int gh_ring_enable(struct gh_ring *r) {
    // `io_uring_enable_rings` is declared by liburing 2.3 but not exported.
    long result = syscall(SYS_io_uring_register, r->ring.ring_fd, IORING_REGISTER_ENABLE_RINGS, NULL, 0);
    return result < 0 ? -errno : 0;
}

static struct io_uring_sqe *entry(struct gh_ring *r) {
    struct io_uring_sqe *sqe;
    // A full queue is emptied into the kernel; it takes all, so this ends.
    while (!(sqe = io_uring_get_sqe(&r->ring))) io_uring_submit(&r->ring);
    return sqe;
}

void gh_ring_receive(struct gh_ring *r, int fd, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_recv(sqe, fd, NULL, r->buffer_bytes, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = BUFFER_GROUP;
    // Asked for when nothing is expected yet: a first attempt would find nothing.
    sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    sqe->user_data = token;
}

void gh_ring_receive_into(struct gh_ring *r, int fd, void *bytes, size_t count, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_recv(sqe, fd, bytes, count, 0);
    sqe->user_data = token;
}

void gh_ring_send(struct gh_ring *r, int fd, const void *bytes, size_t count, int more, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_send(sqe, fd, bytes, count, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    sqe->user_data = token;
}

void gh_ring_poll(struct gh_ring *r, int fd, int out, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_poll_add(sqe, fd, out ? POLLOUT : POLLIN);
    sqe->user_data = token;
}

void gh_ring_poll_always(struct gh_ring *r, int fd, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_poll_multishot(sqe, fd, POLLIN);
    sqe->user_data = token;
}

void gh_ring_cancel(struct gh_ring *r, uint64_t target, uint64_t token) {
    struct io_uring_sqe *sqe = entry(r);
    io_uring_prep_cancel64(sqe, target, 0);
    sqe->user_data = token;
}

int gh_ring_turn(struct gh_ring *r, struct gh_completion *completions, int max, int timeout_ms) {
    int result;
    if (timeout_ms == 0) {
        result = io_uring_submit_and_get_events(&r->ring);
    } else {
        struct __kernel_timespec ts = {.tv_sec = timeout_ms / 1000, .tv_nsec = (long long)(timeout_ms % 1000) * 1000000};
        struct io_uring_cqe *first;
        result = io_uring_submit_and_wait_timeout(&r->ring, &first, 1, timeout_ms < 0 ? NULL : &ts, NULL);
    }
    if (result < 0 && result != -ETIME && result != -EINTR && result != -EAGAIN && result != -EBUSY) return result;
    unsigned head;
    int count = 0;
    struct io_uring_cqe *cqe;
    io_uring_for_each_cqe(&r->ring, head, cqe) {
        if (count == max) break;
        completions[count].token = cqe->user_data;
        completions[count].result = cqe->res;
        completions[count].buffer =
            cqe->flags & IORING_CQE_F_BUFFER ? (int32_t)(cqe->flags >> IORING_CQE_BUFFER_SHIFT) : -1;
        completions[count].more = cqe->flags & IORING_CQE_F_MORE ? 1 : 0;
        count++;
    }
    io_uring_cq_advance(&r->ring, (unsigned)count);
    return count;
}

const void *gh_ring_buffer(struct gh_ring *r, int32_t buffer) {
    return r->memory + (size_t)buffer * r->buffer_bytes;
}

void gh_ring_give_back(struct gh_ring *r, int32_t buffer) {
    io_uring_buf_ring_add(
        r->buffers, r->memory + (size_t)buffer * r->buffer_bytes, r->buffer_bytes, (uint16_t)buffer,
        io_uring_buf_ring_mask(r->count), 0);
    io_uring_buf_ring_advance(r->buffers, 1);
}
