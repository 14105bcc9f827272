package io.yinzheng;

/**
 * The kinds of errors, the same in every language. By hundreds: 1xx argument, 2xx handle or state, 3xx format, 4xx
 * cryptography, 5xx ledger, 6xx storage, 901 a fault of the library. A number never gets a new meaning.
 */
public enum ErrorCode {
  /** 101: invalid argument. */
  INVALID_ARGUMENT(101),

  /** 102: unknown name. */
  UNKNOWN_NAME(102),

  /** 103: a field that must never be kept. */
  REFUSED_FIELD(103),

  /** 104: over a limit. */
  LIMIT_EXCEEDED(104),

  /** 105: unusable business message. */
  INVALID_MESSAGE(105),

  /** 106: unusable profile. */
  INVALID_PROFILE(106),

  /** 107: unusable verification policy. */
  INVALID_POLICY(107),

  /** 108: a number with a wrong check character or form. */
  INVALID_NUMBER(108),

  /** 109: not a verdict. */
  INVALID_VERDICT(109),

  /** 201: no block is waiting for a signature. */
  NOTHING_PENDING(201),

  /** 202: not the block that is waiting. */
  STALE_PENDING(202),

  /** 203: the ledger is open for reading only. */
  READ_ONLY(203),

  /** 204: unknown, closed or foreign handle. */
  INVALID_HANDLE(204),

  /** 205: an earlier fault closed this handle. */
  POISONED(205),

  /** 301: input ends too early. */
  TRUNCATED(301),

  /** 302: a number or length is not in its shortest form. */
  NOT_SHORTEST(302),

  /** 303: a CBOR item that this format does not use. */
  UNSUPPORTED_ITEM(303),

  /** 304: map keys are not in ascending order. */
  MAP_ORDER(304),

  /** 305: a key or name stands twice. */
  DUPLICATE_KEY(305),

  /** 306: bytes after the end. */
  TRAILING_BYTES(306),

  /** 307: nested too deep. */
  TOO_DEEP(307),

  /** 308: larger than the format allows. */
  TOO_LARGE(308),

  /** 309: text is not UTF-8. */
  INVALID_UTF8(309),

  /** 310: an item of another type was expected. */
  WRONG_TYPE(310),

  /** 311: an unknown critical key or kind. */
  UNKNOWN_CRITICAL(311),

  /** 312: a required key is missing. */
  MISSING_KEY(312),

  /** 313: a number outside its range. */
  OUT_OF_RANGE(313),

  /** 314: another kind of entry was expected. */
  WRONG_KIND(314),

  /** 315: a signed message of another type was expected. */
  WRONG_MEDIA_TYPE(315),

  /** 316: a format version this library does not read. */
  UNSUPPORTED_VERSION(316),

  /** 317: a proof path of the wrong length. */
  PATH_LENGTH(317),

  /** 318: not a usable evidence package. */
  INVALID_PACKAGE(318),

  /** 401: an algorithm this library does not use. */
  UNSUPPORTED_ALGORITHM(401),

  /** 402: not a usable key. */
  INVALID_KEY(402),

  /** 403: not a signature in an accepted form. */
  INVALID_SIGNATURE(403),

  /** 404: the signature does not fit these bytes and this key. */
  SIGNATURE_MISMATCH(404),

  /** 405: the algorithm in the header is not the key's. */
  ALGORITHM_MISMATCH(405),

  /** 406: the signature is not in its low-s form. */
  HIGH_S(406),

  /** 407: the digest does not fit these bytes. */
  DIGEST_MISMATCH(407),

  /** 408: the proof path does not lead to the expected root. */
  ROOT_MISMATCH(408),

  /** 409: the operating system gives no randomness. */
  RANDOM_UNAVAILABLE(409),

  /** 410: the key file cannot be opened. */
  KEY_FILE(410),

  /** 411: the signer said no. */
  SIGNER_DECLINED(411),

  /** 412: the signer gave no answer in time. */
  SIGNER_TIMED_OUT(412),

  /** 413: the signer is locked. */
  SIGNER_LOCKED(413),

  /** 414: the signer's key is gone or was invalidated. */
  SIGNER_KEY_GONE(414),

  /** 415: not a usable certificate, revocation list or OCSP response. */
  INVALID_CERTIFICATE(415),

  /** 416: not a usable timestamp token. */
  INVALID_TOKEN(416),

  /** 417: the timestamp authority gave no token. */
  AUTHORITY_DECLINED(417),

  /** 418: the answer is to another request. */
  NONCE_MISMATCH(418),

  /** 419: no chain to a certificate you trust. */
  UNTRUSTED_CHAIN(419),

  /** 420: a certificate that was not valid at that time. */
  CERTIFICATE_NOT_VALID(420),

  /** 421: a certificate that is not for this purpose. */
  WRONG_PURPOSE(421),

  /** 422: a certificate that was revoked. */
  CERTIFICATE_REVOKED(422),

  /** 423: the signer means another certificate. */
  CERTIFICATE_MISMATCH(423),

  /** 501: the same business id with other content. */
  CONFLICT(501),

  /** 502: not in this ledger. */
  NOT_FOUND(502),

  /** 503: the ledger is older than, or differs from, the head you hold. */
  HEAD_MISMATCH(503),

  /** 504: a block does not follow from the one before. */
  CHAIN_BROKEN(504),

  /** 505: the dossier's next place is another one. */
  PLACE_TAKEN(505),

  /** 506: no entries wait for a block. */
  NOTHING_TO_SEAL(506),

  /** 507: the ledger is closed. */
  LEDGER_CLOSED(507),

  /** 508: the key is not in force. */
  KEY_NOT_IN_FORCE(508),

  /** 509: the values were erased. */
  ERASED(509),

  /** 510: a hold forbids this. */
  ON_HOLD(510),

  /** 601: the store failed. */
  STORAGE(601),

  /** 602: another process holds this ledger. */
  LOCKED(602),

  /** 603: stored bytes are damaged. */
  DAMAGED(603),

  /** 604: the store was written by a newer version. */
  SCHEMA_TOO_NEW(604),

  /** 605: the vault key does not open these values. */
  WRONG_VAULT_KEY(605),

  /** 606: no ledger is there. */
  NOT_A_LEDGER(606),

  /** 607: the disk is full. */
  DISK_FULL(607),

  /** 901: a fault of the library. */
  INTERNAL(901),

  /** A number that a newer native library gave and this class does not know. */
  UNKNOWN(0);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /**
   * The fixed number.
   *
   * @return 101 to 999; 0 for {@link #UNKNOWN}
   */
  public int number() {
    return number;
  }

  static ErrorCode of(int number) {
    for (ErrorCode code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return UNKNOWN;
  }
}
