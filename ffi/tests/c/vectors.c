/*
 * All vectors of tests/vectors, through the C library.
 *
 *   vectors FOLDER
 *
 * The last line says how many passed and how many failed; the exit status is 0 only when none failed.
 */
#include "harness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *folder;
static unsigned passed_all, failed_all;
static char names[1000][40];

static char *file_text(const char *path, size_t *len)
{
  FILE *file = fopen(path, "rb");
  char *text = NULL;
  long size = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
    rewind(file);
    text = malloc((size_t)size + 1);
  }
  if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
    perror(path);
    exit(2);
  }
  fclose(file);
  *len = (size_t)size;
  return text;
}

json *vectors(const char *name)
{
  size_t len;
  char *path = format("%s/%s.json", folder, name), *text = file_text(path, &len);
  json *read = json_read(text, len);
  free(text);
  free(path);
  return read;
}

char *format(const char *pattern, ...)
{
  va_list arguments;
  char *text;
  int len;
  va_start(arguments, pattern);
  len = vsnprintf(NULL, 0, pattern, arguments);
  va_end(arguments);
  text = malloc((size_t)len + 1);
  if (text == NULL)
    exit(2);
  va_start(arguments, pattern);
  vsnprintf(text, (size_t)len + 1, pattern, arguments);
  va_end(arguments);
  return text;
}

void count(const json *about, int passed, const char *what)
{
  const json *name = json_get(about, "name");
  if (name == NULL)
    name = json_get(about, "what");
  if (name == NULL)
    name = json_get(about, "text");
  if (passed) {
    passed_all++;
  } else {
    failed_all++;
    printf("FAILED %s: %s\n", name != NULL ? name->text : "?", what);
  }
}

/* The names of errors are those that the library itself gives its numbers. */
static void learn_names(void)
{
  uint32_t number;
  for (number = 1; number < 1000; number++) {
    yz_buffer reply;
    json *said;
    if (yz_error_info(number, NULL, 0, &reply, NULL) != YZ_OK)
      continue;
    said = taken(&reply);
    strncpy(names[number], json_text(said, "name"), sizeof names[number] - 1);
    json_free(said);
  }
}

int judge(const json *about, uint32_t number, const char *result)
{
  int expected_ok = result == NULL || strcmp(result, "ok") == 0;
  int right = expected_ok ? number == YZ_OK : number < 1000 && number != 0 && strcmp(names[number], result) == 0;
  char *what = format("%u (%s), expected %s", (unsigned)number, number < 1000 ? names[number] : "?", result != NULL ? result : "ok");
  if (!right || !expected_ok)
    count(about, right, what);
  free(what);
  return right && expected_ok;
}

void same(const json *about, const json *said, const json *expected)
{
  int equal = json_equal(expected, said);
  count(about, equal, "something else is said of it");
  if (!equal && said != NULL && expected != NULL) {
    char *a = json_write(said), *b = json_write(expected);
    printf("  said     %s\n  expected %s\n", a, b);
    free(a);
    free(b);
  }
}

static int digit(char c)
{
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

bytes unhex(const char *hex)
{
  bytes out = {NULL, 0};
  size_t at;
  if (hex == NULL)
    return out;
  out.len = strlen(hex) / 2;
  out.data = malloc(out.len + 1);
  if (out.data == NULL)
    exit(2);
  for (at = 0; at < out.len; at++)
    out.data[at] = (uint8_t)(digit(hex[2 * at]) << 4 | digit(hex[2 * at + 1]));
  return out;
}

json *taken(yz_buffer *reply)
{
  json *read = reply->len > 0 ? json_read((const char *)reply->data, reply->len) : NULL;
  yz_buffer_free(reply, NULL);
  return read;
}

uint32_t inspect(const char *kind, const char *hex, const char *beside, json **said)
{
  yz_buffer reply;
  bytes read = unhex(hex);
  uint32_t number = yz_inspect(TEXT(kind), read.data, read.len, beside, beside != NULL ? strlen(beside) : 0, &reply, NULL);
  *said = taken(&reply);
  free(read.data);
  return number;
}

char *key_of(const json *key)
{
  const json *id = json_get(key, "sm2_id");
  if (id == NULL)
    return format("{\"cose_key\":\"%s\"}", json_text(key, "cose_key"));
  return format("{\"cose_key\":\"%s\",\"sm2_id_hex\":\"%s\"}", json_text(key, "cose_key"), id->text);
}

static void say(const char *file, unsigned passed, unsigned failed)
{
  printf("%-18s %5u passed, %u failed\n", file, passed_all - passed, failed_all - failed);
}

#define RUN(file, call)                                                                                                \
  do {                                                                                                                 \
    unsigned passed = passed_all, failed = failed_all;                                                                 \
    call;                                                                                                              \
    say(file, passed, failed);                                                                                         \
  } while (0)

int main(int arguments, char **argument)
{
  if (arguments != 2) {
    fprintf(stderr, "vectors FOLDER\n");
    return 2;
  }
  folder = argument[1];
  learn_names();
  RUN("codec", codec());
  RUN("hash", hash());
  RUN("merkle", merkle());
  RUN("signature", signature());
  RUN("sm2_negative", sm2_negative());
  RUN("value", value());
  RUN("message", message());
  RUN("time", read_alone("time"));
  RUN("number", read_alone("number"));
  RUN("entry", read_alone("entry"));
  RUN("record", record());
  RUN("key", key());
  RUN("statement", signed_by("statement"));
  RUN("countersignature", signed_by("countersignature"));
  RUN("receipt", receipt());
  RUN("block", block());
  RUN("bundle", bundle());
  RUN("verdict", verdict());
  RUN("proof", proof());
  RUN("profile", profile());
  RUN("policy", policy());
  if (yz_buffer_count() != 0 || yz_handle_count() != 0) {
    printf("FAILED something was not given back\n");
    failed_all++;
  }
  printf("%u passed, %u failed\n", passed_all, failed_all);
  return failed_all == 0 && passed_all > 0 ? 0 : 1;
}
