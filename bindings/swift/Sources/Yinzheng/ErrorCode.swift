/// The kinds of errors, the same in every language. By hundreds: 1xx argument, 2xx handle or state, 3xx format, 4xx
/// cryptography, 5xx ledger, 6xx storage, 901 a fault of the library. A number never gets a new meaning.
public enum ErrorCode: Int, CaseIterable, Sendable {
    /// 101: invalid argument.
    case invalidArgument = 101
    /// 102: unknown name.
    case unknownName = 102
    /// 103: a field that must never be kept.
    case refusedField = 103
    /// 104: over a limit.
    case limitExceeded = 104
    /// 105: unusable business message.
    case invalidMessage = 105
    /// 106: unusable profile.
    case invalidProfile = 106
    /// 107: unusable verification policy.
    case invalidPolicy = 107
    /// 108: a number with a wrong check character or form.
    case invalidNumber = 108
    /// 109: not a verdict.
    case invalidVerdict = 109
    /// 201: no block is waiting for a signature.
    case nothingPending = 201
    /// 202: not the block that is waiting.
    case stalePending = 202
    /// 203: the ledger is open for reading only.
    case readOnly = 203
    /// 204: unknown, closed or foreign handle.
    case invalidHandle = 204
    /// 205: an earlier fault closed this handle.
    case poisoned = 205
    /// 301: input ends too early.
    case truncated = 301
    /// 302: a number or length is not in its shortest form.
    case notShortest = 302
    /// 303: a CBOR item that this format does not use.
    case unsupportedItem = 303
    /// 304: map keys are not in ascending order.
    case mapOrder = 304
    /// 305: a key or name stands twice.
    case duplicateKey = 305
    /// 306: bytes after the end.
    case trailingBytes = 306
    /// 307: nested too deep.
    case tooDeep = 307
    /// 308: larger than the format allows.
    case tooLarge = 308
    /// 309: text is not UTF-8.
    case invalidUtf8 = 309
    /// 310: an item of another type was expected.
    case wrongType = 310
    /// 311: an unknown critical key or kind.
    case unknownCritical = 311
    /// 312: a required key is missing.
    case missingKey = 312
    /// 313: a number outside its range.
    case outOfRange = 313
    /// 314: another kind of entry was expected.
    case wrongKind = 314
    /// 315: a signed message of another type was expected.
    case wrongMediaType = 315
    /// 316: a format version this library does not read.
    case unsupportedVersion = 316
    /// 317: a proof path of the wrong length.
    case pathLength = 317
    /// 318: not a usable evidence package.
    case invalidPackage = 318
    /// 401: an algorithm this library does not use.
    case unsupportedAlgorithm = 401
    /// 402: not a usable key.
    case invalidKey = 402
    /// 403: not a signature in an accepted form.
    case invalidSignature = 403
    /// 404: the signature does not fit these bytes and this key.
    case signatureMismatch = 404
    /// 405: the algorithm in the header is not the key's.
    case algorithmMismatch = 405
    /// 406: the signature is not in its low-s form.
    case highS = 406
    /// 407: the digest does not fit these bytes.
    case digestMismatch = 407
    /// 408: the proof path does not lead to the expected root.
    case rootMismatch = 408
    /// 409: the operating system gives no randomness.
    case randomUnavailable = 409
    /// 410: the key file cannot be opened.
    case keyFile = 410
    /// 411: the signer said no.
    case signerDeclined = 411
    /// 412: the signer gave no answer in time.
    case signerTimedOut = 412
    /// 413: the signer is locked.
    case signerLocked = 413
    /// 414: the signer's key is gone or was invalidated.
    case signerKeyGone = 414
    /// 415: not a usable certificate, revocation list or OCSP response.
    case invalidCertificate = 415
    /// 416: not a usable timestamp token.
    case invalidToken = 416
    /// 417: the timestamp authority gave no token.
    case authorityDeclined = 417
    /// 418: the answer is to another request.
    case nonceMismatch = 418
    /// 419: no chain to a certificate you trust.
    case untrustedChain = 419
    /// 420: a certificate that was not valid at that time.
    case certificateNotValid = 420
    /// 421: a certificate that is not for this purpose.
    case wrongPurpose = 421
    /// 422: a certificate that was revoked.
    case certificateRevoked = 422
    /// 423: the signer means another certificate.
    case certificateMismatch = 423
    /// 501: the same business id with other content.
    case conflict = 501
    /// 502: not in this ledger.
    case notFound = 502
    /// 503: the ledger is older than, or differs from, the head you hold.
    case headMismatch = 503
    /// 504: a block does not follow from the one before.
    case chainBroken = 504
    /// 505: the dossier's next place is another one.
    case placeTaken = 505
    /// 506: no entries wait for a block.
    case nothingToSeal = 506
    /// 507: the ledger is closed.
    case ledgerClosed = 507
    /// 508: the key is not in force.
    case keyNotInForce = 508
    /// 509: the values were erased.
    case erased = 509
    /// 510: a hold forbids this.
    case onHold = 510
    /// 601: the store failed.
    case storage = 601
    /// 602: another process holds this ledger.
    case locked = 602
    /// 603: stored bytes are damaged.
    case damaged = 603
    /// 604: the store was written by a newer version.
    case schemaTooNew = 604
    /// 605: the vault key does not open these values.
    case wrongVaultKey = 605
    /// 606: no ledger is there.
    case notALedger = 606
    /// 607: the disk is full.
    case diskFull = 607
    /// 901: a fault of the library.
    case `internal` = 901
}
