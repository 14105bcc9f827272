/* What the vector tests share. */
#ifndef HARNESS_H
#define HARNESS_H

#include "json.h"

#include <yinzheng.h>

/* A text with its length, as the library takes it. */
#define TEXT(text) (text), strlen(text)

typedef struct {
  uint8_t *data;
  size_t len;
} bytes;

/* A vectors file of the folder given on the command line. */
json *vectors(const char *name);

/* Counts one case: the call must have come out as the case's result says (an error's name, or "ok"; NULL is "ok"). */
int judge(const json *about, uint32_t number, const char *result);

/* Counts one case that was accepted: what was said of it must be this. */
void same(const json *about, const json *said, const json *expected);

void count(const json *about, int passed, const char *what);

/* Hex as bytes; the caller frees data. NULL gives none. */
bytes unhex(const char *hex);

/* printf into memory that the caller frees. */
char *format(const char *pattern, ...);

/* A reply as a value; frees the buffer. NULL for an empty one. */
json *taken(yz_buffer *reply);

/* yz_inspect; *said is its reply, or NULL. beside may be NULL. */
uint32_t inspect(const char *kind, const char *hex, const char *beside, json **said);

/* A key of the vectors, {"cose_key", "sm2_id" in hex}, as a request writes it; the caller frees it. */
char *key_of(const json *key);

/* Every file is one function. */
void codec(void);
void hash(void);
void merkle(void);
void signature(void);
void sm2_negative(void);
void value(void);
void message(void);
void read_alone(const char *file);
void record(void);
void key(void);
void signed_by(const char *file);
void receipt(void);
void block(void);
void bundle(void);
void verdict(void);
void proof(void);
void profile(void);
void policy(void);

#endif
