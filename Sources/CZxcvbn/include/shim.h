#pragma once
#include <stddef.h>

#define CZXCVBN_WORDS_MAX 16

/* The entropy of a password in bits, by ZxcvbnMatch with its built-in dictionary. `words` are `count` strings behind one another,
   each with its NUL, that an attacker would try first; those beyond CZXCVBN_WORDS_MAX are not looked at. */
double czxcvbn_bits(const char *password, const char *words, size_t count);
