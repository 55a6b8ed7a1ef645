#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

/* The parameters of a public RSA key, to be freed with OSSL_PARAM_free; NULL on failure. In C, because the builder keeps the
   pointers to the names, and a Swift string is a C string for the length of a call only. */
static inline OSSL_PARAM *copenssl_rsa_parameters(const BIGNUM *modulus, const BIGNUM *exponent) {
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    if (builder != NULL && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent))
        parameters = OSSL_PARAM_BLD_to_param(builder);
    OSSL_PARAM_BLD_free(builder);
    return parameters;
}

/* A macro that Swift cannot read. */
static const int COPENSSL_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;

/* AES-256-GCM with a nonce of 12 bytes and a tag of 16. Sealing writes `output` (as long as the input) and the tag; opening
   reads the tag and fails when it is another. 1, or 0. In C, because the calls must come in one order and be given ints. */
static inline int copenssl_gcm(int sealing, const unsigned char *key, size_t key_count, const unsigned char *nonce,
                               const unsigned char *context, size_t context_count, const unsigned char *input,
                               size_t input_count, unsigned char *output, unsigned char *tag) {
    int count = 0, ok = 0;
    EVP_CIPHER_CTX *cipher;
    if (key_count != 32 || context_count > 1 << 20 || input_count > 1 << 20 || (cipher = EVP_CIPHER_CTX_new()) == NULL)
        return 0;
    ok = EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, nonce, sealing) == 1 &&
         EVP_CipherUpdate(cipher, NULL, &count, context, (int)context_count) == 1 &&
         (input_count == 0 || EVP_CipherUpdate(cipher, output, &count, input, (int)input_count) == 1) &&
         (sealing || EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, 16, tag) == 1) &&
         EVP_CipherFinal_ex(cipher, output + input_count, &count) == 1 &&
         (!sealing || EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, 16, tag) == 1);
    EVP_CIPHER_CTX_free(cipher);
    return ok;
}
