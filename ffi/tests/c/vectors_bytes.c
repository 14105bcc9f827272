/* The vectors of bytes, mathematics and values. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(const char *cose_id)
{
  return strcmp(cose_id, "-16") == 0 ? "SHA-256" : "SM3";
}

/* Whether a call gave exactly these bytes; frees the buffer. */
static int gave(yz_buffer *given, const char *hex)
{
  bytes expected = unhex(hex);
  int equal = given->len == expected.len && (expected.len == 0 || memcmp(given->data, expected.data, expected.len) == 0);
  yz_buffer_free(given, NULL);
  free(expected.data);
  return equal;
}

/* Cases that only say how reading them comes out. */
static void inspected(const json *list, const char *kind)
{
  const json *each;
  for (each = list->first; each != NULL; each = each->next) {
    json *said;
    if (judge(each, inspect(kind, json_text(each, "hex"), NULL, &said), json_text(each, "result")))
      count(each, 1, "");
    json_free(said);
  }
}

void codec(void)
{
  json *all = vectors("codec");
  inspected(json_get(all, "vectors"), "item");
  json_free(all);
}

static int in_pieces(bytes whole, yz_buffer *reply)
{
  yz_handle hash;
  size_t at;
  if (yz_hash_begin(&hash, NULL) != YZ_OK)
    return 0;
  for (at = 0; at < whole.len; at += 7)
    if (yz_hash_update(hash, whole.data + at, whole.len - at < 7 ? whole.len - at : 7, NULL) != YZ_OK)
      return 0;
  return yz_hash_finish(hash, reply, NULL) == YZ_OK && yz_close(hash, NULL) == YZ_OK;
}

void hash(void)
{
  json *all = vectors("hash");
  const json *each;
  for (each = json_get(all, "digests")->first; each != NULL; each = each->next) {
    bytes read = unhex(json_text(each, "hex"));
    yz_buffer digest;
    json *said;
    uint32_t number = yz_digest(TEXT(name_of(json_text(each, "alg"))), read.data, read.len, &digest, NULL);
    count(each, number == YZ_OK && gave(&digest, json_text(each, "digest")), "another digest");
    number = inspect("digest", json_text(each, "wire"), NULL, &said);
    count(each, number == YZ_OK && strcmp(json_text(said, "digest"), json_text(each, "text")) == 0, "another typed digest");
    json_free(said);
    free(read.data);
  }
  for (each = json_get(all, "twins")->first; each != NULL; each = each->next) {
    bytes read = unhex(json_text(each, "hex"));
    yz_buffer reply, pieces;
    json *whole = NULL, *parts = NULL;
    int ok = yz_hash_bytes(read.data, read.len, &reply, NULL) == YZ_OK && in_pieces(read, &pieces);
    if (ok) {
      whole = taken(&reply);
      parts = taken(&pieces);
    }
    count(each,
          ok && json_equal(whole, parts) && json_equal(json_get(whole, "size"), json_get(each, "size")) &&
              json_equal(json_get(whole, "sha256"), json_get(each, "sha256")) &&
              json_equal(json_get(whole, "sm3"), json_get(each, "sm3")),
          "other digests");
    json_free(whole);
    json_free(parts);
    free(read.data);
  }
  inspected(json_get(all, "refused"), "digest");
  json_free(all);
}

/* Nodes one after the other. */
static bytes nodes(const json *list, size_t most)
{
  bytes out = {NULL, 0};
  const json *each;
  out.data = malloc(32 * 64 + 1);
  for (each = list->first; out.data != NULL && each != NULL && most > 0; each = each->next, most--) {
    bytes node = unhex(each->text);
    memcpy(out.data + out.len, node.data, node.len);
    out.len += node.len;
    free(node.data);
  }
  return out;
}

static uint64_t number_of(const json *object, const char *name)
{
  return strtoull(json_text(object, name), NULL, 10);
}

static void suite(const json *entries, const json *suite)
{
  const char *alg = json_text(suite, "name");
  const json *leaves = json_get(suite, "leaf_hashes"), *each, *entry;
  for (entry = entries->first, each = leaves->first; each != NULL; entry = entry->next, each = each->next) {
    char *prefixed = format("00%s", entry->text);
    bytes leaf = unhex(prefixed);
    yz_buffer digest;
    uint32_t number = yz_digest(TEXT(alg), leaf.data, leaf.len, &digest, NULL);
    count(suite, number == YZ_OK && gave(&digest, each->text), "another leaf hash");
    free(prefixed);
    free(leaf.data);
  }
  for (each = json_get(suite, "trees")->first; each != NULL; each = each->next) {
    bytes list = nodes(leaves, (size_t)number_of(each, "size"));
    yz_buffer root;
    uint32_t number = yz_tree_root(TEXT(alg), list.data, list.len, &root, NULL);
    count(suite, number == YZ_OK && gave(&root, json_text(each, "root")), "another root");
    free(list.data);
  }
  for (each = json_get(suite, "inclusion")->first; each != NULL; each = each->next) {
    bytes leaf = unhex(json_text(each, "leaf_hash")), root = unhex(json_text(each, "root")), path = nodes(json_get(each, "path"), 64);
    uint32_t number = yz_check_inclusion(TEXT(alg), leaf.data, leaf.len, number_of(each, "index"), number_of(each, "size"), path.data,
                                         path.len, root.data, root.len, NULL);
    if (judge(each, number, json_text(each, "result")))
      count(each, 1, "");
    free(leaf.data);
    free(root.data);
    free(path.data);
  }
  for (each = json_get(suite, "consistency")->first; each != NULL; each = each->next) {
    bytes first = unhex(json_text(each, "first_root")), second = unhex(json_text(each, "second_root"));
    bytes path = nodes(json_get(each, "path"), 64);
    uint32_t number = yz_check_consistency(TEXT(alg), number_of(each, "first_size"), number_of(each, "second_size"), first.data,
                                           first.len, second.data, second.len, path.data, path.len, NULL);
    if (judge(each, number, json_text(each, "result")))
      count(each, 1, "");
    free(first.data);
    free(second.data);
    free(path.data);
  }
}

void merkle(void)
{
  json *all = vectors("merkle");
  const json *each;
  for (each = json_get(all, "suites")->first; each != NULL; each = each->next)
    suite(json_get(all, "entries"), each);
  json_free(all);
}

void value(void)
{
  json *all = vectors("value");
  static const char *const told[] = {"findings", "zh", "en", NULL};
  const json *each;
  json *said;
  int at, equal;
  for (each = json_get(all, "values")->first; each != NULL; each = each->next) {
    equal = inspect("value", json_text(each, "hex"), NULL, &said) == YZ_OK;
    for (at = 0; equal && told[at] != NULL; at++)
      equal = json_equal(json_get(said, told[at]), json_get(each, told[at]));
    count(each, equal, "another value");
    json_free(said);
  }
  inspected(json_get(all, "refused"), "value");
  for (each = json_get(all, "readings")->first; each != NULL; each = each->next) {
    const json *text = json_get(each, "text");
    yz_buffer reply;
    equal = yz_value_read(TEXT(json_text(each, "type")), text->text, text->len, &reply, NULL) == YZ_OK;
    said = taken(&reply);
    equal = equal && json_equal(json_get(said, "hex"), json_get(each, "hex"));
    for (at = 0; equal && told[at] != NULL; at++)
      equal = json_equal(json_get(said, told[at]), json_get(each, told[at]));
    count(each, equal, "another reading");
    json_free(said);
  }
  for (each = json_get(all, "disclosures")->first; each != NULL; each = each->next) {
    equal = inspect("disclosure", json_text(each, "hex"), NULL, &said) == YZ_OK &&
            json_equal(json_get(said, "name"), json_get(each, "field")) && json_equal(json_get(said, "hex"), json_get(each, "value")) &&
            json_equal(json_get(said, "salt"), json_get(each, "salt")) && json_equal(json_get(said, "sha256"), json_get(each, "sha256")) &&
            json_equal(json_get(said, "sm3"), json_get(each, "sm3"));
    count(each, equal, "another disclosure");
    json_free(said);
  }
  json_free(all);
}
