package io.yinzheng.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import io.yinzheng.Custody
import io.yinzheng.Draft
import io.yinzheng.ErrorCode
import io.yinzheng.KeyRole
import io.yinzheng.LedgerKeys
import io.yinzheng.Signer
import io.yinzheng.ToSign
import io.yinzheng.VerifyKey
import io.yinzheng.YinzhengException
import java.security.GeneralSecurityException
import java.security.KeyFactory
import java.security.KeyPairGenerator
import java.security.KeyStoreException
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.UnrecoverableKeyException
import java.security.spec.ECGenParameterSpec
import java.time.Instant

/** What a key of the phone is for, and so when it signs. */
public enum class KeyUse {
    /** Signs blocks. The phone must be unlocked (from Android 15 on); nobody is asked, and a newly enrolled finger changes nothing. */
    LEDGER,

    /** Signs the customer's statements. Every signature asks for the customer; a newly enrolled finger ends the key. */
    CUSTOMER,
}

/**
 * A P-256 key of the Android Keystore: made there, never outside. StrongBox first, then the trusted environment, then software,
 * as the phone has them; [custody] says which it became.
 *
 * The ledger's key signs at once ([sign]). The customer's key signs in two phases: [prepare], the host's prompt, then
 * [PreparedSignature.finish]. For one thread at a time.
 */
public class KeystoreSigner private constructor(
    private val alias: String,
    /** What the key is for. */
    public val use: KeyUse,
    private val privateKey: PrivateKey,
    private val chain: List<ByteArray>,
    private val publicKey: VerifyKey,
    /**
     * Where the key is, as the phone says: [Custody.ENCLAVE] for StrongBox, [Custody.HARDWARE] for the trusted environment,
     * [Custody.SOFTWARE], or [Custody.UNKNOWN]. Android 9 to 11 do not tell StrongBox from the trusted environment: there it is
     * the weaker claim.
     */
    public val custody: Custody,
) : Signer {
    override fun publicKey(): VerifyKey = publicKey

    /**
     * The key's certificates in DER, its own first: what the phone attests of it, up to the maker's root. For
     * [io.yinzheng.LedgerCreator.certificates].
     */
    public fun certificates(): List<ByteArray> = chain.map { it.clone() }

    /**
     * The same as one attestation, certificate after certificate, for [io.yinzheng.LedgerKeys.enrol] with the format
     * [ATTESTATION]. Whether it holds is for the verifier; the library keeps it as evidence.
     *
     * @return null where the phone attests nothing: the key's only certificate is its own
     */
    public fun attestation(): ByteArray? = if (chain.size < 2) null else chain.fold(ByteArray(0)) { all, one -> all + one }

    /**
     * The entry of this key in a ledger, with its attestation where the phone gave one. Sign the draft with this key, then
     * [io.yinzheng.LedgerKeys.finish] gives the kid for [io.yinzheng.SignerTerms.kid].
     *
     * @param previous the kid of the key in whose place it comes, or null for the first one
     */
    public fun entry(keys: LedgerKeys, role: KeyRole, previous: String?, effective: Instant): Draft {
        val attested = attestation()
        return when {
            previous == null && attested == null -> keys.enrol(role, publicKey, custody, effective)
            previous == null -> keys.enrol(role, publicKey, custody, effective, ATTESTATION, attested)
            attested == null -> keys.replace(role, previous, publicKey, custody, effective)
            else -> keys.replace(role, previous, publicKey, custody, effective, ATTESTATION, attested)
        }
    }

    /**
     * Signs with the ledger's key.
     *
     * @return DER
     * @throws YinzhengException `SIGNER_LOCKED` while the phone is locked, and for a customer's key (see [prepare]);
     * `SIGNER_KEY_GONE`; `SIGNER_TIMED_OUT` for what else the key store says: the same once more may do
     */
    override fun sign(toSign: ToSign): ByteArray = prepare(toSign).finish()

    /**
     * The first phase of a signature that asks for the customer. What waits for it (a held record) goes on waiting when the
     * app ends in between; then prepare again.
     *
     * @throws YinzhengException `SIGNER_KEY_GONE` when the key was invalidated; `SIGNER_LOCKED` while the phone is locked
     */
    public fun prepare(toSign: ToSign): PreparedSignature = KeyStores.using(alias, "preparing a signature") {
        val signature = Signature.getInstance("SHA256withECDSA")
        signature.initSign(privateKey)
        PreparedSignature(alias, use, signature, toSign.bytes())
    }

    /**
     * The kid of this key's entry, where it is enrolled and in force: looked up in the ledger, so that a host keeps none beside it, and
     * an app that was killed after [io.yinzheng.LedgerKeys.finish] does not enrol the key twice.
     *
     * @return null when it was never enrolled
     */
    public fun kid(keys: LedgerKeys): String? = keys.party(publicKey).map { it.kid() }.orElse(null)

    public companion object {
        /** The format of [attestation]. Not WebAuthn's `android-key`, whose bytes are a statement in CBOR. */
        public const val ATTESTATION: String = "android-key-chain"

        /**
         * Makes a key. One that is called so already is replaced.
         *
         * @param alias its name in the key store, the app's own
         * @param use what for
         * @param challenge what the attestation answers, such as 32 bytes from the bank: 1 to 128 bytes (kept from Android 7 on)
         * @throws YinzhengException `SIGNER_TIMED_OUT` when the phone cannot make one, such as a customer's key without a screen lock
         */
        @JvmStatic
        public fun generate(alias: String, use: KeyUse, challenge: ByteArray): KeystoreSigner {
            KeyStores.using(alias, "making a key") { if (!madeInStrongBox(alias, use, challenge)) make(spec(alias, use, challenge)) }
            return load(alias, use)
        }

        /**
         * The key of this name.
         *
         * @throws YinzhengException `SIGNER_KEY_GONE` when there is certainly none; `SIGNER_TIMED_OUT` when the key store failed, so
         * never make another key because of that
         */
        @JvmStatic
        public fun load(alias: String, use: KeyUse): KeystoreSigner = KeyStores.using(alias, "looking for a key") {
            val store = KeyStores.open()
            val key = try {
                store.getKey(alias, null) as? PrivateKey
            } catch (error: UnrecoverableKeyException) {
                if (use == KeyUse.CUSTOMER && KeyStores.cannotGive(store, alias)) {
                    throw YinzhengException(ErrorCode.SIGNER_KEY_GONE, "the key store has the key, and cannot give it any more", error)
                }
                throw error
            }
            val certificates = store.getCertificateChain(alias)
            if (key == null) throw YinzhengException(ErrorCode.SIGNER_KEY_GONE, "the key store has no such key", null)
            if (certificates.isNullOrEmpty()) throw KeyStoreException("the certificates of a key cannot be read")
            KeystoreSigner(alias, use, key, certificates.map { it.encoded }, VerifyKey.of(certificates[0].publicKey), custody(key))
        }

        /** Whether there is a key of this name, also one that another use was made for. */
        internal fun isThere(alias: String): Boolean = try {
            load(alias, KeyUse.LEDGER)
            true
        } catch (error: YinzhengException) {
            if (error.code() != ErrorCode.SIGNER_KEY_GONE) throw error
            false
        }

        /** Ends a key for good. */
        @JvmStatic
        public fun delete(alias: String): Unit = KeyStores.using(alias, "deleting") { KeyStores.open().deleteEntry(alias) }

        private fun madeInStrongBox(alias: String, use: KeyUse, challenge: ByteArray): Boolean {
            if (!atLeast(28)) return false
            return try {
                make(spec(alias, use, challenge).also(Level28::strongBox))
                true
            } catch (_: ProviderException) {
                // Not only StrongBoxUnavailableException: phones whose StrongBox is there and fails say so in other ways, such as
                // "Failed to generate key pair". What is no fault of StrongBox fails again without it, and is told then.
                false
            } catch (_: GeneralSecurityException) {
                false
            }
        }

        private fun make(spec: KeyGenParameterSpec.Builder) {
            val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, KeyStores.NAME)
            generator.initialize(spec.build())
            generator.generateKeyPair()
        }

        private fun spec(alias: String, use: KeyUse, challenge: ByteArray): KeyGenParameterSpec.Builder {
            val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
                .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
                .setDigests(KeyProperties.DIGEST_SHA256)
            if (atLeast(24)) Level24.attest(spec, challenge)
            when (use) {
                // Earlier systems lose such a key with the screen lock, make none without one, or take a weak face for locked.
                KeyUse.LEDGER -> if (atLeast(35)) Level35.unlockedOnly(spec)
                KeyUse.CUSTOMER -> {
                    // Without a time in which it stays open: every use asks.
                    spec.setUserAuthenticationRequired(true)
                    if (atLeast(24)) Level24.endWithNewFinger(spec)
                    if (atLeast(30)) Level30.eachUse(spec)
                }
            }
            return spec
        }

        private fun custody(key: PrivateKey): Custody {
            val info = KeyFactory.getInstance(key.algorithm, KeyStores.NAME).getKeySpec(key, KeyInfo::class.java)
            if (atLeast(31)) {
                return when (Level31.level(info)) {
                    2 -> Custody.ENCLAVE
                    1, -1 -> Custody.HARDWARE
                    0 -> Custody.SOFTWARE
                    else -> Custody.UNKNOWN
                }
            }
            @Suppress("DEPRECATION") // what Android 6 to 11 have
            return if (info.isInsideSecureHardware) Custody.HARDWARE else Custody.SOFTWARE
        }
    }
}
