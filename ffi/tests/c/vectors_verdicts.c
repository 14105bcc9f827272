/* The vectors of whole files: proofs and bundles with their verdicts, profiles, policies. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

/* Declared time of every verification here, as in the tests of the library. */
#define AT INT64_C(4000000000000)

static int is(const json *text, const char *what)
{
  return text != NULL && text->kind == JSON_TEXT && strcmp(text->text, what) == 0;
}

/* The verdict on a case's bytes; NULL when the call itself was refused. */
static json *verdict_on(const json *each, int bundle)
{
  const json *known = json_get(each, "policy");
  bytes read = unhex(json_text(each, "hex"));
  const char *policy = known != NULL ? known->text : NULL;
  size_t len = known != NULL ? known->len : 0;
  yz_buffer verdict;
  json *said;
  if (bundle)
    yz_verify_bundle(read.data, read.len, policy, len, AT, TEXT("json"), &verdict, NULL);
  else
    yz_verify_proof(read.data, read.len, policy, len, AT, TEXT("json"), &verdict, NULL);
  said = taken(&verdict);
  free(read.data);
  return said;
}

/* How many lines have a status, of one check or (NULL) of all. */
static size_t lines(const json *verdict, const char *status, const char *check)
{
  const json *line;
  size_t found = 0;
  for (line = json_get(verdict, "lines")->first; line != NULL; line = line->next)
    found += (size_t)(is(json_get(line, "status"), status) && (check == NULL || is(json_get(line, "check"), check)));
  return found;
}

static int unreadable(const json *verdict)
{
  return is(json_get(json_get(verdict, "summary")->first, "id"), "unreadable");
}

static const char *class_of(const json *verdict)
{
  if (unreadable(verdict))
    return "refused";
  if (lines(verdict, "CONTRADICTED", NULL) > 0)
    return "contradicted";
  if (lines(verdict, "NOT_PROVEN", "entry.in-block") + lines(verdict, "NOT_PROVEN", "bundle.blocks") > 0)
    return "not-proven";
  return "proven";
}

void verdict(void)
{
  json *all = vectors("verdict");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    int bundle = is(json_get(each, "kind"), "bundle"), right;
    json *said = verdict_on(each, bundle);
    const char *expected = json_text(each, "class"), *found = said != NULL ? class_of(said) : "no verdict";
    right = strcmp(found, expected) == 0;
    /* A bundle is read as a stream: what its readers refuse comes after blocks that they have judged. */
    if (bundle && (is(json_get(each, "class"), "refused") || is(json_get(each, "class"), "contradicted")))
      right = strcmp(found, "refused") == 0 || strcmp(found, "contradicted") == 0;
    count(each, right, found);
    json_free(said);
  }
  json_free(all);
}

/* The checks that a case names have the status, each on some line. */
static int named(const json *each, const json *verdict, const char *status)
{
  const json *checks = json_get(each, "checks"), *check;
  for (check = checks != NULL ? checks->first : NULL; check != NULL; check = check->next)
    if (lines(verdict, status, check->text) == 0)
      return 0;
  return 1;
}

void proof(void)
{
  json *all = vectors("proof");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    const json *result = json_get(each, "result");
    json *form, *said = verdict_on(each, 0);
    uint32_t number = inspect("proof", json_text(each, "hex"), NULL, &form);
    json_free(form);
    if (said == NULL)
      count(each, 0, "no verdict");
    else if (is(result, "contradicted"))
      count(each, number == YZ_OK && lines(said, "CONTRADICTED", NULL) > 0 && named(each, said, "CONTRADICTED"), "not contradicted");
    else if (is(result, "ok") || is(result, "not-proven"))
      count(each,
            number == YZ_OK && !unreadable(said) && lines(said, "CONTRADICTED", NULL) == 0 && named(each, said, "NOT_PROVEN"),
            "another verdict");
    else
      count(each, !judge(each, number, result->text) && unreadable(said), "it was read");
    json_free(said);
  }
  json_free(all);
}

void profile(void)
{
  json *all = vectors("profile");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    bytes file = unhex(json_text(each, "hex"));
    yz_handle loaded;
    uint32_t number = yz_profile_load(file.data, file.len, &loaded, NULL);
    if (judge(each, number, json_text(each, "result")))
      count(each, yz_close(loaded, NULL) == YZ_OK, "a handle that cannot be closed");
    free(file.data);
  }
  json_free(all);
}

void policy(void)
{
  json *all = vectors("policy");
  const json *each;
  for (each = json_get(all, "cases")->first; each != NULL; each = each->next) {
    bytes text = unhex(json_text(each, "hex"));
    yz_buffer reply;
    uint32_t number = yz_verify_proof(NULL, 0, (const char *)text.data, text.len, AT, NULL, 0, &reply, NULL);
    yz_buffer_free(&reply, NULL);
    /* No text at all stands for no policy here. */
    if (text.len == 0)
      count(each, number == YZ_OK, "nothing is a policy that knows nothing");
    else if (judge(each, number, json_text(each, "result")))
      count(each, 1, "");
    free(text.data);
  }
  json_free(all);
}
