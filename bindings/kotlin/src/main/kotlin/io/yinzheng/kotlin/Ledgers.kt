package io.yinzheng.kotlin

import io.yinzheng.Appended
import io.yinzheng.Custody
import io.yinzheng.EvidenceRecord
import io.yinzheng.HashAlgorithm
import io.yinzheng.Head
import io.yinzheng.Ledger
import io.yinzheng.Role
import io.yinzheng.Sealed
import io.yinzheng.SignerTerms
import io.yinzheng.TimeClaim
import io.yinzheng.ToSign
import io.yinzheng.VerifyKey
import java.nio.file.Path

/** A record of a profile that comes with the library, its values named in [message]. */
public inline fun evidence(
    profile: String,
    businessId: String? = null,
    dossier: String? = null,
    time: TimeClaim? = null,
    message: EvidenceRecord.Builder.() -> Unit,
): EvidenceRecord = EvidenceRecord.of(profile).also { builder ->
    businessId?.let(builder::businessId)
    dossier?.let(builder::dossier)
    time?.let { builder.time(it) }
    builder.message()
}.build()

/** Makes a ledger in a new [file], or in memory where there is none. Close it, best with `use`. */
public fun createLedger(
    file: Path?,
    vaultKey: ByteArray,
    hash: HashAlgorithm,
    key: VerifyKey,
    custody: Custody,
    organisation: String,
    created: TimeClaim? = null,
): Ledger {
    val creator = Ledger.creating(hash, key, custody).organisation(organisation)
    created?.let(creator::created)
    return if (file == null) creator.createInMemory(vaultKey) else creator.create(file, vaultKey)
}

/** Opens a ledger's [file]. Without a [vaultKey] its values stay closed. Close it, best with `use`. */
public fun openLedger(
    file: Path,
    vaultKey: ByteArray? = null,
    expectedHead: Head? = null,
    readOnly: Boolean = false,
): Ledger {
    val opener = Ledger.opening(file)
    vaultKey?.let(opener::vaultKey)
    expectedHead?.let { opener.expectedHead(it) }
    if (readOnly) opener.readOnly()
    return opener.open()
}

/** Appends a record made on the spot; see [evidence]. */
public inline fun Ledger.append(
    profile: String,
    businessId: String? = null,
    dossier: String? = null,
    time: TimeClaim? = null,
    message: EvidenceRecord.Builder.() -> Unit,
): Appended = append(evidence(profile, businessId, dossier, time, message))

/**
 * A signer that takes its time: a finger on a phone, an HSM, a signing server. It suspends; the library itself is called on the
 * caller's dispatcher and starts no thread.
 */
public interface SuspendingSigner {
    /** The public half. */
    public val publicKey: VerifyKey

    /** Signs, 64 bytes or DER. */
    public suspend fun sign(toSign: ToSign): ByteArray
}

/** Seals what waits. Cancelled or failed while signing, the block goes on waiting: the next call signs the same bytes. */
public suspend fun Ledger.seal(signer: SuspendingSigner): Sealed = commit(signer.sign(begin()))

/**
 * Appends a record with a party's signature. Cancelled or failed while signing, it stays held: see [Ledger.held],
 * [Ledger.finishStatement] and [Ledger.dropStatement].
 */
public suspend fun Ledger.appendSigned(record: EvidenceRecord, signer: SuspendingSigner, role: Role): Appended {
    val held = holdForSignature(record, SignerTerms.of(signer.publicKey, role).audience("ledger"))
    return finishStatement(held.id(), signer.sign(held.toSign()))
}
