/* A signer outside the library: here libcrypto with a key in a PEM file, in a bank its HSM, on a phone its secure chip. */
#ifndef SIGNER_H
#define SIGNER_H

#include <stddef.h>

typedef struct signer signer;

/* Opens the ECDSA P-256 key in a PEM file, made when it is not there. NULL when that fails. */
signer *signer_open(const char *path);

/* The public key as SubjectPublicKeyInfo in hex, ending with a zero byte; the caller frees it. NULL when that fails. */
char *signer_public(const signer *signer);

/* Signs a message with SHA-256. Gives DER, at most max bytes, and returns how many; 0 when the signer says no. */
size_t signer_sign(const signer *signer, const unsigned char *message, size_t len, unsigned char *out, size_t max);

void signer_close(signer *signer);

#endif
