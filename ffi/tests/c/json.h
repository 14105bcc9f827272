/* A small JSON reader for the vectors, so that this test needs no package. It trusts its input. */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

enum json_kind { JSON_NULL, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

typedef struct json {
  enum json_kind kind;
  /* The text, or a number as it is written; ends with a zero byte that len does not count. */
  char *text;
  size_t len;
  /* As a member: its name. */
  char *name;
  struct json *first, *next;
} json;

/* Reads a whole text. Ends the program for what is not JSON. */
json *json_read(const char *text, size_t len);

/* Writes a value again, without white space; the caller frees it. */
char *json_write(const json *value);

/* A member; NULL when it is not there, or null. */
const json *json_get(const json *object, const char *name);

/* A text that must be there. */
const char *json_text(const json *object, const char *name);

/* Whether two values are the same, whatever the order of members. */
int json_equal(const json *a, const json *b);

void json_free(json *value);

#endif
