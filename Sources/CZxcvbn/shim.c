#include "shim.h"

#include <string.h>
#include <zxcvbn.h>

double czxcvbn_bits(const char *password, const char *words, size_t count) {
    const char *dictionary[CZXCVBN_WORDS_MAX + 1];
    if (count > CZXCVBN_WORDS_MAX) count = CZXCVBN_WORDS_MAX;
    for (size_t i = 0; i < count; i++) {
        dictionary[i] = words;
        words += strlen(words) + 1;
    }
    dictionary[count] = NULL;
    return ZxcvbnMatch(password, dictionary, NULL);
}
