#pragma once
#include <stddef.h>
#include <stdint.h>

/* The longest hash, with its NUL; CRYPT_OUTPUT_SIZE of <crypt.h>, which needs _GNU_SOURCE and stays in shim.c. */
#define CCRYPT_OUTPUT_SIZE 384

/* Hashes a phrase as the setting says (crypt_r(3)) into `output`, CCRYPT_OUTPUT_SIZE bytes. Working memory is on the heap and
   wiped. Returns 0, or -1 when libcrypt refused: no result, or one that begins with '*', which is no hash although it is a
   string and would equal itself. */
int ccrypt_hash(const char *phrase, const char *setting, char *output);

/* Writes the setting for a new hash ("$2b$", a cost, 16 random bytes) into `output`, CCRYPT_OUTPUT_SIZE bytes. 0, or -1. */
int ccrypt_setting(const char *prefix, unsigned long cost, const unsigned char *random16, char *output);
