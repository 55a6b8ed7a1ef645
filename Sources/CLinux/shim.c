#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int checked(int result) { return result < 0 ? -errno : result; }

int gh_epoll_create(void) { return checked(epoll_create1(EPOLL_CLOEXEC)); }

static int add(int epoll, int fd, uint64_t token, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return checked(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int gh_epoll_add_edge(int epoll, int fd, uint64_t token) {
    return add(epoll, fd, token, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

int gh_epoll_add_level(int epoll, int fd, uint64_t token) { return add(epoll, fd, token, EPOLLIN); }

int gh_epoll_remove(int epoll, int fd) { return checked(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL)); }

int gh_epoll_wait(int epoll, struct gh_event *events, int max, int timeout_ms) {
    struct epoll_event raw[256];
    if (max > 256) max = 256;
    int count = epoll_wait(epoll, raw, max, timeout_ms);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t flags = 0;
        if (raw[i].events & EPOLLIN) flags |= GH_READ;
        if (raw[i].events & EPOLLOUT) flags |= GH_WRITE;
        if (raw[i].events & EPOLLRDHUP) flags |= GH_READ | GH_HANGUP;
        if (raw[i].events & (EPOLLERR | EPOLLHUP)) flags |= GH_READ | GH_WRITE | GH_HANGUP | GH_ERROR;
        events[i].flags = flags;
        events[i].token = raw[i].data.u64;
    }
    return count;
}

int gh_eventfd(int semaphore) {
    return checked(eventfd(0, EFD_CLOEXEC | (semaphore ? EFD_SEMAPHORE : EFD_NONBLOCK)));
}

void gh_eventfd_signal(int fd) {
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {}
}

void gh_eventfd_take(int fd) {
    uint64_t count;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR) {}
}

int gh_accept(int listener, void *address, uint32_t *address_length, int nonblocking) {
    int fd;
    do {
        fd = accept4(listener, address, address_length, (nonblocking ? SOCK_NONBLOCK : 0) | SOCK_CLOEXEC);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    return checked(fd);
}

long gh_recv(int fd, void *bytes, size_t count) {
    ssize_t n;
    do {
        n = recv(fd, bytes, count, MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

long gh_send(int fd, const void *bytes, size_t count, int more) {
    ssize_t n;
    do {
        n = send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
    } while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

int gh_socket(int family) { return checked(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)); }

int gh_set_blocking(int fd) {
    int off = 0;
    return checked(ioctl(fd, FIONBIO, &off));
}

int gh_connect(int fd, const void *address, uint32_t address_length) {
    return checked(connect(fd, address, address_length));
}

int gh_socket_error(int fd) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? -errno : -error;
}

int gh_bind_listen(int family, const void *address, uint32_t address_length, int reuse_port, int backlog) {
    int fd = gh_socket(family);
    if (fd < 0) return fd;
    int on = 1;
    int failed = 0;
    if (family != AF_UNIX) {
        failed = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0;
        if (reuse_port) failed |= setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0;
        if (family == AF_INET6) failed |= setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0;
    }
    if (failed || bind(fd, address, address_length) < 0 || listen(fd, backlog) < 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

int gh_local_address(int fd, void *address, uint32_t *address_length) {
    return checked(getsockname(fd, address, address_length));
}

void gh_no_delay(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void gh_close(int fd) { close(fd); }

void gh_shutdown_write(int fd) { shutdown(fd, SHUT_WR); }

void gh_reset_on_close(int fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t gh_monotonic_ns(void) { return nanoseconds(CLOCK_MONOTONIC); }
uint64_t gh_boottime_ns(void) { return nanoseconds(CLOCK_BOOTTIME); }
int64_t gh_realtime_ns(void) { return (int64_t)nanoseconds(CLOCK_REALTIME); }

void gh_thread_nice(int increment) { setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), increment); }

void gh_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

void gh_thread_pin(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

int gh_cpu_count(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}

int gh_signal_fd(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) return -EINVAL;
    return checked(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int gh_signal_wait(int signals, int wake) {
    struct pollfd fds[2] = {{.fd = signals, .events = POLLIN}, {.fd = wake, .events = POLLIN}};
    for (;;) {
        if (poll(fds, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return -errno;
        }
        struct signalfd_siginfo info;
        if ((fds[0].revents & POLLIN) && read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
            return (int)info.ssi_signo;
        }
        if (fds[1].revents & POLLIN) {
            gh_eventfd_take(wake);
            return 0;
        }
    }
}

void gh_trim_memory(void) { (void)malloc_trim(0); }
