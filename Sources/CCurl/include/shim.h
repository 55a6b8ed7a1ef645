#pragma once
#include <stddef.h>

/* How long the text for `message` may be, with its NUL. */
#define CCURL_MESSAGE_SIZE 256

/* Fetches a URL by GET: no redirects, no credentials, one protocol (https, or http when `plain` is not 0, and then without a
   proxy). Writes at most `capacity` bytes into `output` and how many into `count`; `status` gets the HTTP status. Returns 0, or
   -1 with a message for people, also when there are more bytes than fit. Blocks up to `seconds`. */
int ccurl_get(const char *url, int plain, long seconds, unsigned char *output, size_t capacity, size_t *count,
              long *status, char *message);
