#pragma once
// What the event loop asks of Linux, in types that Swift reads without a union or a feature macro. `_GNU_SOURCE` and the
// system headers stay in shim.c: in this header they break the module build.
#include <stdint.h>
#include <stddef.h>

/// One readiness event: `struct epoll_event` holds a union, which would taint every Swift use as unsafe.
struct gh_event {
    uint32_t flags;
    uint64_t token;
};

enum {
    GH_READ = 1,    // bytes to read, or end of stream
    GH_WRITE = 2,   // room to write
    GH_HANGUP = 4,  // the peer has closed its side (EPOLLRDHUP)
    GH_ERROR = 8,   // EPOLLERR or EPOLLHUP: both directions are gone
};

int gh_epoll_create(void);
/// Edge-triggered, both directions, once for the life of the descriptor. Returns 0 or -errno.
int gh_epoll_add_edge(int epoll, int fd, uint64_t token);
/// Level-triggered, reading only (listeners, eventfd). Returns 0 or -errno.
int gh_epoll_add_level(int epoll, int fd, uint64_t token);
int gh_epoll_remove(int epoll, int fd);
/// Fills at most `max` events; returns their number, or -errno. EINTR is 0 events.
int gh_epoll_wait(int epoll, struct gh_event *events, int max, int timeout_ms);

int gh_eventfd(int semaphore);
/// Adds one to an eventfd; never blocks.
void gh_eventfd_signal(int fd);
/// Takes the count of a non-blocking eventfd, or blocks for one unit of a semaphore.
void gh_eventfd_take(int fd);

/// The calls below return a count or descriptor, or -errno; they retry EINTR, never raise SIGPIPE and never wait, whatever
/// the descriptor's own mode is.
int gh_accept(int listener, void *address, uint32_t *address_length, int nonblocking);
long gh_recv(int fd, void *bytes, size_t count);
long gh_send(int fd, const void *bytes, size_t count, int more);
int gh_socket(int family);
/// Makes operations on the descriptor wait: io_uring would answer EAGAIN for a non-blocking one instead of waiting.
int gh_set_blocking(int fd);
int gh_connect(int fd, const void *address, uint32_t address_length);
int gh_socket_error(int fd);
int gh_bind_listen(int family, const void *address, uint32_t address_length, int reuse_port, int backlog);
int gh_local_address(int fd, void *address, uint32_t *address_length);
void gh_no_delay(int fd);
void gh_close(int fd);
void gh_shutdown_write(int fd);
/// Makes close() send RST: for connections whose stream must not look complete to the peer.
void gh_reset_on_close(int fd);

uint64_t gh_monotonic_ns(void);
/// CLOCK_BOOTTIME counts suspended time as well.
uint64_t gh_boottime_ns(void);
int64_t gh_realtime_ns(void);

void gh_thread_nice(int increment);
void gh_thread_name(const char *name);
void gh_thread_pin(int cpu);
int gh_cpu_count(void);

/// Blocks the signals the gateway handles (TERM INT HUP USR1) in the calling thread and all it starts, ignores PIPE,
/// and returns a signalfd for them.
int gh_signal_fd(void);
/// Waits until `signals` or `wake` can be read: a signal number, 0 for a wake.
int gh_signal_wait(int signals, int wake);

/// Has the allocator give pages that nobody uses back to the system.
void gh_trim_memory(void);
