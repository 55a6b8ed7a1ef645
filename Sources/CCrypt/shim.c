#define _GNU_SOURCE
#include "shim.h"

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(CCRYPT_OUTPUT_SIZE >= CRYPT_OUTPUT_SIZE, "room for every hash");
_Static_assert(CCRYPT_OUTPUT_SIZE >= CRYPT_GENSALT_OUTPUT_SIZE, "room for every setting");

int ccrypt_hash(const char *phrase, const char *setting, char *output) {
    /* 32 KiB: too much for the small stack of a worker thread. */
    struct crypt_data *data = calloc(1, sizeof *data);
    if (data == NULL) return -1;
    const char *hash = crypt_r(phrase, setting, data);
    int result = -1;
    if (hash != NULL && hash[0] != '*' && strlen(hash) < CCRYPT_OUTPUT_SIZE) {
        strcpy(output, hash);
        result = 0;
    }
    explicit_bzero(data, sizeof *data);
    free(data);
    return result;
}

int ccrypt_setting(const char *prefix, unsigned long cost, const unsigned char *random16, char *output) {
    const char *setting = crypt_gensalt_rn(prefix, cost, (const char *)random16, 16, output, CCRYPT_OUTPUT_SIZE);
    return setting != NULL && setting[0] != '*' ? 0 : -1;
}
