#define _GNU_SOURCE
#include "include/filesystem.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

const int GH_O_PATH = O_PATH;

int gh_is_in_memory(int descriptor) {
    struct statfs answer;
    if (fstatfs(descriptor, &answer) != 0) {
        return 0;
    }
    return answer.f_type == TMPFS_MAGIC || answer.f_type == RAMFS_MAGIC;
}
