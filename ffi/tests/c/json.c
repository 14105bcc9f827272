#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *at, *end;
} reader;

static void wrong(const char *what)
{
  fprintf(stderr, "not JSON: %s\n", what);
  exit(2);
}

static void *memory(void *old, size_t len)
{
  void *given = realloc(old, len);
  if (given == NULL)
    wrong("no memory");
  return given;
}

static int peek(reader *r)
{
  while (r->at < r->end && strchr(" \t\r\n", *r->at) != NULL)
    r->at++;
  return r->at < r->end ? *r->at : 0;
}

static void expect(reader *r, char c)
{
  if (peek(r) != c)
    wrong("another character was expected");
  r->at++;
}

static unsigned hex4(reader *r)
{
  char digits[5] = {0};
  if (r->end - r->at < 4)
    wrong("\\u");
  memcpy(digits, r->at, 4);
  r->at += 4;
  return (unsigned)strtoul(digits, NULL, 16);
}

static size_t utf8(unsigned c, char *out)
{
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xc0 | c >> 6);
    out[1] = (char)(0x80 | (c & 63));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 63));
    out[2] = (char)(0x80 | (c & 63));
    return 3;
  }
  out[0] = (char)(0xf0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 63));
  out[2] = (char)(0x80 | (c >> 6 & 63));
  out[3] = (char)(0x80 | (c & 63));
  return 4;
}

static char *quoted(reader *r, size_t *len)
{
  /* Escapes are never shorter than what they stand for. */
  char *out = memory(NULL, (size_t)(r->end - r->at) + 1);
  size_t n = 0;
  expect(r, '"');
  while (r->at < r->end && *r->at != '"') {
    if (*r->at != '\\') {
      out[n++] = *r->at++;
      continue;
    }
    r->at++;
    if (*r->at == 'u') {
      unsigned c;
      r->at++;
      c = hex4(r);
      if (c >= 0xd800 && c < 0xdc00) {
        r->at += 2;
        c = 0x10000 + ((c - 0xd800) << 10) + (hex4(r) - 0xdc00);
      }
      n += utf8(c, out + n);
    } else {
      static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
      const char *known = strchr(from, *r->at);
      out[n++] = known != NULL ? to[known - from] : *r->at;
      r->at++;
    }
  }
  expect(r, '"');
  out[n] = 0;
  *len = n;
  return memory(out, n + 1);
}

static json *value(reader *r);

static json *children(reader *r, char close, int named)
{
  json *first = NULL, **last = &first;
  r->at++;
  while (peek(r) != close) {
    char *name = NULL;
    size_t len;
    if (first != NULL)
      expect(r, ',');
    if (named) {
      peek(r);
      name = quoted(r, &len);
      expect(r, ':');
    }
    *last = value(r);
    (*last)->name = name;
    last = &(*last)->next;
  }
  r->at++;
  return first;
}

static json *value(reader *r)
{
  json *made = calloc(1, sizeof *made);
  const char *start;
  int c = peek(r);
  if (made == NULL)
    wrong("no memory");
  switch (c) {
  case '{':
    made->kind = JSON_OBJECT;
    made->first = children(r, '}', 1);
    return made;
  case '[':
    made->kind = JSON_ARRAY;
    made->first = children(r, ']', 0);
    return made;
  case '"':
    made->kind = JSON_TEXT;
    made->text = quoted(r, &made->len);
    return made;
  }
  start = r->at;
  while (r->at < r->end && strchr(",]} \t\r\n", *r->at) == NULL)
    r->at++;
  made->len = (size_t)(r->at - start);
  if (made->len == 0)
    wrong("a value was expected");
  made->kind = c == 'n' ? JSON_NULL : c == 't' ? JSON_TRUE : c == 'f' ? JSON_FALSE : JSON_NUMBER;
  made->text = memory(NULL, made->len + 1);
  memcpy(made->text, start, made->len);
  made->text[made->len] = 0;
  return made;
}

json *json_read(const char *text, size_t len)
{
  reader r;
  json *made;
  r.at = text;
  r.end = text + len;
  made = value(&r);
  if (peek(&r) != 0)
    wrong("something follows");
  return made;
}

typedef struct {
  char *text;
  size_t len, room;
} writer;

static void put(writer *w, const char *text, size_t len)
{
  if (w->room < w->len + len + 1) {
    w->room = (w->len + len + 1) * 2;
    w->text = memory(w->text, w->room);
  }
  memcpy(w->text + w->len, text, len);
  w->len += len;
  w->text[w->len] = 0;
}

static void put_quoted(writer *w, const char *text, size_t len)
{
  size_t at;
  put(w, "\"", 1);
  for (at = 0; at < len; at++) {
    unsigned char c = (unsigned char)text[at];
    char escaped[8];
    if (c < 0x20 || c == '"' || c == '\\')
      put(w, escaped, (size_t)sprintf(escaped, "\\u%04x", c));
    else
      put(w, text + at, 1);
  }
  put(w, "\"", 1);
}

static void write_value(writer *w, const json *value)
{
  const json *child;
  int object = value->kind == JSON_OBJECT;
  if (value->kind == JSON_TEXT) {
    put_quoted(w, value->text, value->len);
  } else if (object || value->kind == JSON_ARRAY) {
    put(w, object ? "{" : "[", 1);
    for (child = value->first; child != NULL; child = child->next) {
      if (child != value->first)
        put(w, ",", 1);
      if (object) {
        put_quoted(w, child->name, strlen(child->name));
        put(w, ":", 1);
      }
      write_value(w, child);
    }
    put(w, object ? "}" : "]", 1);
  } else {
    put(w, value->text, value->len);
  }
}

char *json_write(const json *value)
{
  writer w = {0};
  write_value(&w, value);
  return w.text;
}

const json *json_get(const json *object, const char *name)
{
  const json *member;
  for (member = object->first; member != NULL; member = member->next)
    if (member->name != NULL && strcmp(member->name, name) == 0)
      return member->kind == JSON_NULL ? NULL : member;
  return NULL;
}

const char *json_text(const json *object, const char *name)
{
  const json *member = json_get(object, name);
  if (member == NULL || member->text == NULL)
    wrong(name);
  return member->text;
}

static size_t count(const json *value)
{
  size_t n = 0;
  const json *child;
  for (child = value->first; child != NULL; child = child->next)
    n++;
  return n;
}

int json_equal(const json *a, const json *b)
{
  const json *x, *y;
  if (a == NULL || b == NULL)
    return a == b;
  if (a->kind != b->kind || count(a) != count(b))
    return 0;
  if (a->kind == JSON_ARRAY) {
    for (x = a->first, y = b->first; x != NULL; x = x->next, y = y->next)
      if (!json_equal(x, y))
        return 0;
    return 1;
  }
  if (a->kind == JSON_OBJECT) {
    for (x = a->first; x != NULL; x = x->next)
      if (x->kind != JSON_NULL && !json_equal(x, json_get(b, x->name)))
        return 0;
    return 1;
  }
  return a->len == b->len && (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
}

void json_free(json *value)
{
  while (value != NULL) {
    json *next = value->next;
    json_free(value->first);
    free(value->text);
    free(value->name);
    free(value);
    value = next;
  }
}
