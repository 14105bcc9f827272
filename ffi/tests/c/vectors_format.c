/* The vectors of what is said, sealed and witnessed. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One case: read as `kind` with what stands beside it, judged, and its facts compared. */
static json *one(const json *each, const char *kind, char *beside)
{
  json *said;
  uint32_t number = inspect(kind, json_text(each, "hex"), beside, &said);
  const json *facts = json_get(each, "facts");
  free(beside);
  if (!judge(each, number, json_text(each, "result"))) {
    json_free(said);
    return NULL;
  }
  if (facts == NULL)
    count(each, 1, "");
  return said;
}

static void compared(const json *each, json *said)
{
  if (said != NULL && json_get(each, "facts") != NULL)
    same(each, said, json_get(each, "facts"));
  json_free(said);
}

void read_alone(const char *file)
{
  json *all = vectors(file);
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next)
    compared(each, one(each, file, NULL));
  json_free(all);
}

void record(void)
{
  json *all = vectors("record");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    const json *open = json_get(each, "disclosures");
    char *list = open != NULL ? json_write(open) : NULL;
    compared(each, one(each, "record", list != NULL ? format("{\"disclosures\":%s}", list) : NULL));
    free(list);
  }
  json_free(all);
}

static void chain(const json *each)
{
  const json *entries = json_get(each, "entries"), *entry;
  char *list = format("%s", ""), *heights = format("%s", ""), *beside;
  json *said;
  yz_buffer reply;
  yz_error error;
  uint32_t number;
  for (entry = entries->first; entry != NULL; entry = entry->next) {
    const char *comma = entry == entries->first ? "" : ",";
    char *longer = format("%s%s\"%s\"", list, comma, json_text(entry, "hex"));
    char *higher = format("%s%s%s", heights, comma, json_text(entry, "height"));
    free(list);
    free(heights);
    list = longer;
    heights = higher;
  }
  beside = format("{\"ledger_id\":\"%s\",\"first\":\"%s\",\"entries\":[%s],\"heights\":[%s]}", json_text(each, "ledger_id"),
                  json_text(each, "first"), list, heights);
  number = yz_inspect(TEXT("key-chain"), NULL, 0, TEXT(beside), &reply, &error);
  said = taken(&reply);
  if (judge(each, number, json_text(each, "result"))) {
    same(each, said, json_get(each, "facts"));
  } else {
    char *place = format("entry %s", json_text(each, "at"));
    count(each, strstr(error.message, place) != NULL, "the message does not say which entry");
    free(place);
  }
  json_free(said);
  free(beside);
  free(list);
  free(heights);
}

void key(void)
{
  json *all = vectors("key");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    const json *ledger = json_get(each, "ledger_id");
    compared(each, one(each, "key", ledger != NULL ? format("{\"ledger_id\":\"%s\"}", ledger->text) : NULL));
  }
  for (each = json_get(all, "chains")->first; each != NULL; each = each->next)
    chain(each);
  json_free(all);
}

void signed_by(const char *file)
{
  json *all = vectors(file);
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    char *by = key_of(json_get(each, "key"));
    compared(each, one(each, file, format("{\"key\":%s}", by)));
    free(by);
  }
  json_free(all);
}

void receipt(void)
{
  json *all = vectors("receipt");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    char *by = key_of(json_get(each, "key"));
    compared(each, one(each, "receipt", format("{\"entry\":\"%s\",\"key\":%s}", json_text(each, "entry"), by)));
    free(by);
  }
  json_free(all);
}

/* Heads that accepted cases led to, by the case's name. */
static struct {
  char *name, *head;
} heads[64];
static size_t heads_known;

static void remember(const json *each, const json *said)
{
  if (said != NULL && heads_known < sizeof heads / sizeof heads[0]) {
    heads[heads_known].name = format("%s", json_text(each, "name"));
    heads[heads_known].head = format("%s", json_text(said, "head"));
    heads_known++;
  }
}

/* The head of the case named by "after", as a member behind a comma, or nothing. */
static char *after(const json *each, const char *comma)
{
  const json *name = json_get(each, "after");
  size_t at;
  if (name == NULL)
    return format("%s", "");
  for (at = 0; at < heads_known; at++)
    if (strcmp(heads[at].name, name->text) == 0)
      return format("%s\"after\":\"%s\"", comma, heads[at].head);
  printf("FAILED %s comes after %s, which was not accepted\n", json_text(each, "name"), name->text);
  exit(1);
}

static void forget(void)
{
  while (heads_known > 0) {
    heads_known--;
    free(heads[heads_known].name);
    free(heads[heads_known].head);
  }
}

/* The facts of the file, and besides them the state that the case leads to, which the file does not write down. */
static void compared_with_head(const json *each, json *said)
{
  json *member;
  remember(each, said);
  for (member = said != NULL ? said->first : NULL; member != NULL && member->next != NULL; member = member->next)
    if (strcmp(member->next->name, "head") == 0) {
      json *head = member->next;
      member->next = head->next;
      head->next = NULL;
      json_free(head);
      break;
    }
  compared(each, said);
}

void block(void)
{
  json *all = vectors("block");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    char *entries = json_write(json_get(each, "entries")), *before = after(each, ",");
    compared_with_head(each, one(each, "block", format("{\"entries\":%s%s}", entries, before)));
    free(entries);
    free(before);
  }
  forget();
  json_free(all);
}

void bundle(void)
{
  json *all = vectors("bundle");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    char *before = after(each, "");
    compared_with_head(each, one(each, "bundle", format("{%s}", before)));
    free(before);
  }
  forget();
  json_free(all);
}
