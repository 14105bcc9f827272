#include "signer.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

struct signer {
  EVP_PKEY *key;
};

static EVP_PKEY *generate(const char *path)
{
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
  FILE *file;
  int ok = context != NULL && EVP_PKEY_keygen_init(context) > 0 &&
           EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) > 0 &&
           EVP_PKEY_keygen(context, &key) > 0;
  EVP_PKEY_CTX_free(context);
  file = ok ? fopen(path, "wx") : NULL;
  if (file == NULL || PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) != 1) {
    EVP_PKEY_free(key);
    key = NULL;
  }
  if (file != NULL)
    fclose(file);
  return key;
}

signer *signer_open(const char *path)
{
  signer *made = calloc(1, sizeof *made);
  FILE *file = fopen(path, "r");
  if (made == NULL)
    return NULL;
  made->key = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : generate(path);
  if (file != NULL)
    fclose(file);
  if (made->key == NULL) {
    free(made);
    return NULL;
  }
  return made;
}

char *signer_public(const signer *signer)
{
  unsigned char *der = NULL;
  int len = i2d_PUBKEY(signer->key, &der), at;
  char *hex = len > 0 ? malloc((size_t)len * 2 + 1) : NULL;
  for (at = 0; hex != NULL && at < len; at++)
    sprintf(hex + 2 * at, "%02x", der[at]);
  OPENSSL_free(der);
  return hex;
}

size_t signer_sign(const signer *signer, const unsigned char *message, size_t len, unsigned char *out, size_t max)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  size_t given = max;
  int ok = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer->key) == 1 &&
           EVP_DigestSign(context, out, &given, message, len) == 1;
  EVP_MD_CTX_free(context);
  return ok ? given : 0;
}

void signer_close(signer *signer)
{
  if (signer != NULL)
    EVP_PKEY_free(signer->key);
  free(signer);
}
