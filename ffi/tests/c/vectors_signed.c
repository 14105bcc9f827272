/* The vectors of keys, signatures and business messages. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* yz_check_signature; the form that the library seals must be `normal`, where that is given. */
static uint32_t check(const char *key, const char *message, const char *signature, const char *form, const char *normal, int *same_form)
{
  bytes said = unhex(message), signed_by = unhex(signature), expected = unhex(normal);
  yz_buffer given;
  uint32_t number = yz_check_signature(TEXT(key), said.data, said.len, signed_by.data, signed_by.len, TEXT(form), &given, NULL);
  if (same_form != NULL)
    *same_form = number == YZ_OK && given.len == expected.len && memcmp(given.data, expected.data, given.len) == 0;
  yz_buffer_free(&given, NULL);
  free(said.data);
  free(signed_by.data);
  free(expected.data);
  return number;
}

static void keys(const json *each)
{
  char *request = key_of(each);
  yz_buffer reply;
  uint32_t number = yz_key_describe(TEXT(request), &reply, NULL);
  json *said = taken(&reply);
  count(each,
        number == YZ_OK && json_equal(json_get(said, "thumbprint"), json_get(each, "thumbprint")) &&
            json_equal(json_get(said, "spki_der"), json_get(each, "spki_der")) &&
            json_equal(json_get(said, "sm2_z"), json_get(each, "sm2_z")),
        "another key");
  json_free(said);
  free(request);
}

/* A form is judged before the signature in it, which belongs to no message here: what passes does not fit. */
static void forms(const json *each, const json *keys)
{
  static const char *const all[] = {"sealed", "outside", "given"};
  const json *key;
  char *request = NULL;
  int at;
  for (key = keys->first; request == NULL && key != NULL; key = key->next)
    if (json_equal(json_get(key, "alg"), json_get(each, "alg")))
      request = key_of(key);
  for (at = 0; at < 3; at++) {
    const char *expected = json_text(each, all[at]);
    uint32_t number = check(request, "00", json_text(each, "hex"), all[at], NULL, NULL);
    if (judge(each, number == YZ_SIGNATURE_MISMATCH ? (uint32_t)YZ_OK : number, expected))
      count(each, 1, "");
  }
  free(request);
}

void signature(void)
{
  json *all = vectors("signature"), *said;
  const json *each;
  for (each = json_get(all, "keys")->first; each != NULL; each = each->next)
    keys(each);
  for (each = json_get(all, "bad_keys")->first; each != NULL; each = each->next)
    if (judge(each, inspect("cose-key", json_text(each, "hex"), NULL, &said), json_text(each, "result")))
      json_free(said);
  for (each = json_get(all, "signatures")->first; each != NULL; each = each->next) {
    char *key = key_of(each);
    const char *signature = json_text(each, "signature"), *message = json_text(each, "message");
    int as_is, from_der;
    check(key, message, signature, "sealed", signature, &as_is);
    check(key, message, json_text(each, "der"), "given", signature, &from_der);
    count(each, as_is && from_der, "it does not fit");
    free(key);
  }
  for (each = json_get(all, "forms")->first; each != NULL; each = each->next)
    forms(each, json_get(all, "keys"));
  for (each = json_get(all, "messages")->first; each != NULL; each = each->next) {
    char *key = key_of(each);
    int ok = inspect("message", json_text(each, "message"), NULL, &said) == YZ_OK &&
             check(key, json_text(each, "sig_structure"), json_text(said, "signature"), "sealed", NULL, NULL) == YZ_OK &&
             strstr(json_text(each, "sig_structure"), json_text(said, "protected")) != NULL;
    count(each, ok, "it does not fit");
    json_free(said);
    free(key);
  }
  json_free(all);
}

/* In this file an error is {"number", "name"}. */
static const char *error_of(const json *each)
{
  return json_text(json_get(each, "error"), "name");
}

static void refused_key(const json *each, char *key)
{
  yz_buffer reply;
  judge(each, yz_key_describe(TEXT(key), &reply, NULL), error_of(each));
  yz_buffer_free(&reply, NULL);
  free(key);
}

void sm2_negative(void)
{
  json *all = vectors("sm2_negative");
  const json *each, *accepted = json_get(all, "accepted");
  char *plain = format("{\"raw\":\"%s\",\"algorithm\":\"SM2\"}", json_text(all, "key"));
  int first, second;
  check(plain, json_text(all, "message"), json_text(accepted, "signature"), "given", json_text(accepted, "signature"), &first);
  check(plain, json_text(all, "message"), json_text(accepted, "der"), "given", json_text(accepted, "signature"), &second);
  count(accepted, first && second, "it does not fit");
  for (each = json_get(all, "signatures")->first; each != NULL; each = each->next) {
    const json *id = json_get(each, "sm2_id");
    char *key = id == NULL ? format("%s", plain)
                           : format("{\"raw\":\"%s\",\"algorithm\":\"SM2\",\"sm2_id_hex\":\"%s\"}", json_text(all, "key"), id->text);
    judge(each, check(key, json_text(all, "message"), json_text(each, "signature"), "given", NULL, NULL), error_of(each));
    free(key);
  }
  for (each = json_get(all, "keys")->first; each != NULL; each = each->next)
    refused_key(each, format("{\"raw\":\"%s\",\"algorithm\":\"SM2\"}", json_text(each, "sec1")));
  for (each = json_get(all, "structures")->first; each != NULL; each = each->next) {
    const char *form = json_get(each, "spki_der") != NULL ? "spki_der" : "cose_key";
    refused_key(each, format("{\"%s\":\"%s\"}", form, json_text(each, form)));
  }
  free(plain);
  json_free(all);
}

/* What people read may say more here than in the vectors: the words of a profile's own codes. */
static int fields_equal(const json *expected, const json *said)
{
  static const char *const told[] = {"name", "class", "hex", "findings", NULL};
  const json *a = expected->first, *b = said != NULL ? said->first : NULL;
  int at;
  for (; a != NULL && b != NULL; a = a->next, b = b->next)
    for (at = 0; told[at] != NULL; at++)
      if (!json_equal(json_get(a, told[at]), json_get(b, told[at])))
        return 0;
  return a == NULL && b == NULL;
}

void message(void)
{
  json *all = vectors("message");
  static const char *const lists[] = {"read", "refused", NULL};
  const json *each;
  int at;
  for (at = 0; lists[at] != NULL; at++)
    for (each = json_get(all, lists[at])->first; each != NULL; each = each->next) {
      const json *text = json_get(each, "message"), *result = json_get(each, "result");
      yz_buffer reply;
      uint32_t number = yz_profile_read(TEXT(json_text(each, "profile")), text->text, text->len, &reply, NULL);
      json *said = taken(&reply);
      if (judge(each, number, result != NULL ? result->text : "ok"))
        count(each,
              fields_equal(json_get(each, "fields"), json_get(said, "fields")) &&
                  json_equal(json_get(each, "missing"), json_get(said, "missing")),
              "other fields");
      json_free(said);
    }
  json_free(all);
}
