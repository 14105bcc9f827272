/* Small things that a C program around the library wants. */
#ifndef HOST_H
#define HOST_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yinzheng.h>

/* A text with its length, as the library takes it. */
#define TEXT(text) (text), strlen(text)

/* Ends the program when a call failed, and says why. */
static void must(uint32_t number, const yz_error *error, const char *what)
{
  if (number == YZ_OK)
    return;
  fprintf(stderr, "%s: %s\n", what, error->message);
  exit(1);
}

/* printf into memory that the caller frees. */
static char *format(const char *pattern, ...)
{
  va_list arguments;
  char *text;
  int len;
  va_start(arguments, pattern);
  len = vsnprintf(NULL, 0, pattern, arguments);
  va_end(arguments);
  text = len >= 0 ? malloc((size_t)len + 1) : NULL;
  if (text == NULL)
    exit(1);
  va_start(arguments, pattern);
  vsnprintf(text, (size_t)len + 1, pattern, arguments);
  va_end(arguments);
  return text;
}

/* One value out of a reply, as a text that the caller frees. */
static char *member(const yz_buffer *reply, const char *pointer)
{
  yz_buffer value;
  yz_error error;
  char *text;
  must(yz_json_get((const char *)reply->data, reply->len, TEXT(pointer), &value, &error), &error, pointer);
  text = format("%.*s", (int)value.len, value.len > 0 ? (const char *)value.data : "");
  yz_buffer_free(&value, NULL);
  return text;
}

/* A whole file as a text that the caller frees. */
static char *read_file(const char *path)
{
  FILE *file = fopen(path, "rb");
  char *text;
  long size;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
    perror(path);
    exit(1);
  }
  rewind(file);
  text = calloc((size_t)size + 1, 1);
  if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return text;
}

static void write_file(const char *path, const yz_buffer *bytes)
{
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes->data, 1, bytes->len, file) != bytes->len || fclose(file) != 0) {
    perror(path);
    exit(1);
  }
}

#endif
