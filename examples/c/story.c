/*
 * A bank seals a disbursement, in C: the customer signs the loan note, the bank signs the block, each with a key that the library
 * never sees; then one file proves it to anybody. FOLDER is for keys, ledger and proof; STORY holds messages and attachments.
 *
 *   story FOLDER STORY
 */
#include "host.h"
#include "signer.h"

/* Fixed, so that two runs tell the same story; a bank leaves them out, and its clock is read. */
#define SEALED_AT 1791475200u
#define CAPTURED "{\"captured\":{\"ms\":1791475200000,\"offset_minutes\":480},\"tier\":\"ntp\"}"
#define VERIFIED_AT INT64_C(1793548800000)

/* The two phases of every signature: the library gave bytes, a signer outside signs them. */
static size_t sign(const signer *signer, yz_buffer *to_be_signed, unsigned char *signature)
{
  size_t len = signer_sign(signer, to_be_signed->data, to_be_signed->len, signature, 80);
  if (len == 0) {
    fprintf(stderr, "the signer said no; the same bytes can be signed later\n");
    exit(1);
  }
  yz_buffer_free(to_be_signed, NULL);
  return len;
}

/* Seals a block over everything appended so far. Gives what the bank mirrors elsewhere, to notice a rollback. */
static yz_buffer seal(yz_handle ledger, const signer *bank)
{
  yz_buffer bytes, sealed;
  yz_error error;
  unsigned char signature[80];
  size_t len;
  must(yz_ledger_begin(ledger, SEALED_AT, &bytes, NULL, &error), &error, "begin");
  len = sign(bank, &bytes, signature);
  must(yz_ledger_commit(ledger, signature, len, &sealed, &error), &error, "commit");
  return sealed;
}

static yz_handle create(const char *path, const yz_buffer *vault_key, const signer *bank)
{
  yz_handle ledger;
  yz_error error;
  char *key = signer_public(bank);
  char *request = format("{\"hash\":\"SHA-256\",\"key\":{\"spki_der\":\"%s\"},\"custody\":\"software\","
                         "\"organisation\":\"示范商业银行股份有限公司\",\"created\":" CAPTURED "}",
                         key);
  must(yz_ledger_create(TEXT(path), vault_key->data, vault_key->len, TEXT(request), &ledger, &error), &error, path);
  free(request);
  free(key);
  return ledger;
}

/* The customer confirms the loan note: the record gets its place in a new dossier, and the customer signs what was displayed. */
static yz_buffer confirm(yz_handle ledger, const signer *customer, const char *story)
{
  yz_buffer digest, bytes, info, appended;
  yz_error error;
  unsigned char signature[80];
  size_t len;
  char *path = format("%s/messages/12-will-drawdown.json", story), *message = read_file(path);
  char *note = format("%s/attachments/loan-note.txt", story), *key = signer_public(customer), *shown, *request, *id;
  must(yz_hash_file(TEXT(note), &digest, &error), &error, note);
  shown = member(&digest, "/sha256");
  request = format("{\"profile\":\"will.drawdown\",\"message\":%s,\"time\":" CAPTURED ","
                   "\"attachments\":[{\"field\":\"doc.file\",\"media_type\":\"text/plain\",\"title\":\"借据\",\"digest\":%.*s}],"
                   "\"signer\":{\"key\":{\"spki_der\":\"%s\"},\"role\":\"customer\",\"audience\":\"ledger\",\"displayed\":\"sha256:%s\"}}",
                   message, (int)digest.len, (const char *)digest.data, key, shown);
  must(yz_ledger_hold_for_signature(ledger, TEXT(request), &bytes, &info, &error), &error, "loan note");
  len = sign(customer, &bytes, signature);
  id = member(&info, "/id");
  must(yz_ledger_finish_statement(ledger, strtoull(id, NULL, 10), signature, len, &appended, &error), &error, "statement");
  yz_buffer_free(&digest, NULL);
  yz_buffer_free(&info, NULL);
  free(path);
  free(message);
  free(note);
  free(key);
  free(shown);
  free(request);
  free(id);
  return appended;
}

/* The bank pays out: one business event, one call, into the same dossier and citing what the customer confirmed. */
static yz_buffer disburse(yz_handle ledger, const yz_buffer *confirmed, const char *story)
{
  yz_buffer appended;
  yz_error error;
  char *path = format("%s/messages/13-disbursement.json", story), *message = read_file(path), *request;
  char *dossier = member(confirmed, "/preservation_number"), *cited = member(confirmed, "/digest");
  request = format("{\"profile\":\"loan.disbursement\",\"message\":%s,\"business_id\":\"HX2026100900000001\",\"time\":" CAPTURED ","
                   "\"dossier\":\"%s\",\"cite\":[{\"digest\":\"%s\"}],\"attachments\":[{\"field\":\"repay.schedule\","
                   "\"media_type\":\"text/csv\",\"title\":\"还款计划\",\"path\":\"%s/attachments/repayment-schedule.csv\"}]}",
                   message, dossier, cited, story);
  must(yz_ledger_append(ledger, TEXT(request), &appended, &error), &error, "disbursement");
  free(path);
  free(message);
  free(request);
  free(dossier);
  free(cited);
  return appended;
}

/* Years later, offline: the proof, and what the verifier knows from elsewhere. 0 when nothing is contradicted. */
static int verify(const yz_buffer *proof, const yz_buffer *status, const signer *customer)
{
  yz_buffer verdict, text;
  yz_error error;
  char *ledger_id = member(status, "/ledger_id"), *key = signer_public(customer), *request, *cose_key, *policy, *first;
  int contradicted;
  request = format("{\"spki_der\":\"%s\"}", key);
  must(yz_key_describe(TEXT(request), &text, &error), &error, "key");
  cose_key = member(&text, "/cose_key");
  yz_buffer_free(&text, NULL);
  /* "sha256:" stands before the hex of the ledger's id. */
  policy = format("{\"ledgers\":[{\"id\":\"%s\",\"hash\":\"SHA-256\",\"name\":\"示范商业银行股份有限公司\"}],"
                  "\"keys\":[{\"cose_key\":\"%s\",\"role\":\"customer\",\"name\":\"苏示例\"}]}",
                  strchr(ledger_id, ':') + 1, cose_key);
  must(yz_verify_proof(proof->data, proof->len, TEXT(policy), VERIFIED_AT, TEXT("json"), &verdict, &error), &error, "verify");
  must(yz_verify_proof(proof->data, proof->len, TEXT(policy), VERIFIED_AT, TEXT("zh"), &text, &error), &error, "verify");
  fwrite(text.data, 1, text.len, stdout);
  first = member(&verdict, "/summary/0/id");
  contradicted = strcmp(first, "origin-checked") != 0;
  printf("\nverdict: %s\n", first);
  yz_buffer_free(&verdict, NULL);
  yz_buffer_free(&text, NULL);
  free(ledger_id);
  free(key);
  free(request);
  free(cose_key);
  free(policy);
  free(first);
  return contradicted;
}

int main(int count, char **arguments)
{
  yz_handle ledger;
  yz_buffer vault_key, sealed, confirmed, record, proof, status;
  yz_error error;
  signer *bank, *customer;
  char *path, *mirror, *request, *height, *block_hash, *dossier, *number;
  int failed;

  if (count != 3) {
    fprintf(stderr, "story FOLDER STORY\n");
    return 2;
  }
  if (yz_abi_version() != YZ_ABI_VERSION) {
    fprintf(stderr, "the library does not fit this program's header\n");
    return 2;
  }
  path = format("%s/bank.pem", arguments[1]);
  bank = signer_open(path);
  free(path);
  path = format("%s/customer.pem", arguments[1]);
  customer = signer_open(path);
  free(path);
  if (bank == NULL || customer == NULL) {
    fprintf(stderr, "no keys in %s\n", arguments[1]);
    return 1;
  }

  /* Open. The bank keeps the vault key in its key store: without it the values cannot be read again. */
  must(yz_vault_key_generate(TEXT("AES-256-GCM"), &vault_key, &error), &error, "vault key");
  path = format("%s/ledger.db", arguments[1]);
  ledger = create(path, &vault_key, bank);
  sealed = seal(ledger, bank);
  yz_buffer_free(&sealed, NULL);

  /* Seal a disbursement. */
  confirmed = confirm(ledger, customer, arguments[2]);
  record = disburse(ledger, &confirmed, arguments[2]);
  sealed = seal(ledger, bank);
  must(yz_close(ledger, &error), &error, "close");

  /* Another day: open it again, and be told if it is older than what the bank mirrored elsewhere. */
  height = member(&sealed, "/height");
  block_hash = member(&sealed, "/block_hash");
  mirror = format("{\"expected_head\":{\"height\":%s,\"block_hash\":\"%s\"}}", height, block_hash);
  must(yz_ledger_open(TEXT(path), vault_key.data, vault_key.len, TEXT(mirror), &ledger, &error), &error, path);

  /* Prove, showing what the profile says may be shown. */
  dossier = member(&record, "/preservation_number");
  number = member(&record, "/number");
  request = format("{\"dossier\":\"%s\",\"disclose\":\"profile\"}", dossier);
  must(yz_ledger_prove(ledger, TEXT(request), &proof, &error), &error, "prove");
  must(yz_ledger_status(ledger, &status, &error), &error, "status");
  free(path);
  path = format("%s/disbursement.yzp", arguments[1]);
  write_file(path, &proof);
  printf("保全号 %s\n存证编号 %s\nblock %s, proof %s, %lu bytes\n\n", dossier, number, height, path, (unsigned long)proof.len);

  /* Verify. */
  failed = verify(&proof, &status, customer);

  must(yz_close(ledger, &error), &error, "close");
  yz_buffer_free(&vault_key, NULL);
  yz_buffer_free(&sealed, NULL);
  yz_buffer_free(&confirmed, NULL);
  yz_buffer_free(&record, NULL);
  yz_buffer_free(&proof, NULL);
  yz_buffer_free(&status, NULL);
  signer_close(bank);
  signer_close(customer);
  free(path);
  free(mirror);
  free(request);
  free(height);
  free(block_hash);
  free(dossier);
  free(number);
  if (yz_buffer_count() != 0 || yz_handle_count() != 0) {
    fprintf(stderr, "something was not given back\n");
    return 1;
  }
  return failed;
}
