#include "shim.h"
#include <curl/curl.h>
#include <string.h>

/* In C, because curl_easy_setopt has as many arguments as it likes, which Swift cannot call. */

struct sink {
    unsigned char *output;
    size_t capacity, count;
    int is_full;
};

static size_t take(char *bytes, size_t size, size_t number, void *context) {
    struct sink *sink = context;
    size_t added = size * number;
    if (added > sink->capacity - sink->count) {
        sink->is_full = 1;
        return 0;
    }
    memcpy(sink->output + sink->count, bytes, added);
    sink->count += added;
    return added;
}

int ccurl_get(const char *url, int plain, long seconds, unsigned char *output, size_t capacity, size_t *count,
              long *status, char *message) {
    struct sink sink = {output, capacity, 0, 0};
    char buffer[CURL_ERROR_SIZE] = "";
    CURLcode code = CURLE_FAILED_INIT;
    CURL *curl = curl_easy_init();
    *count = 0;
    *status = 0;
    if (curl != NULL) {
        int ok = curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_USERAGENT, "gatehouse") == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink) == CURLE_OK &&
                 curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, buffer) == CURLE_OK &&
                 (!plain || curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK);
        if (ok) code = curl_easy_perform(curl);
        if (code == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
        curl_easy_cleanup(curl);
    }
    *count = sink.count;
    if (code == CURLE_OK) return 0;
    strncpy(message, sink.is_full ? "the answer is too long" : *buffer ? buffer : curl_easy_strerror(code),
            CCURL_MESSAGE_SIZE - 1);
    message[CCURL_MESSAGE_SIZE - 1] = 0;
    return -1;
}
