package io.yinzheng.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.StrongBoxUnavailableException
import org.bouncycastle.asn1.ASN1ObjectIdentifier
import org.bouncycastle.asn1.DEROctetString
import org.bouncycastle.asn1.x500.X500Name
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder
import org.bouncycastle.jce.provider.BouncyCastleProvider
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder
import java.math.BigInteger
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Provider
import java.security.ProviderException
import java.security.Security
import java.security.cert.X509Certificate
import java.security.spec.ECGenParameterSpec
import java.util.Date
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** The phone that the tests hold: what its key store has, and in which state it is. One for each system that Robolectric starts. */
object FakePhone {
    class Entry(val spec: KeyGenParameterSpec?, val pair: KeyPair?, val secret: SecretKey?, val level: Int, val chain: List<X509Certificate>) {
        var ended = false
    }

    const val STRONGBOX = 2
    const val TRUSTED = 1
    const val SOFTWARE = 0

    /** What really computes; not among the installed ones, so that no key of this store is tried with it. */
    val provider: Provider = BouncyCastleProvider()

    val entries = HashMap<String, Entry>()
    val operations = mutableListOf<FakeSignature>()
    var best = STRONGBOX
    var locked = false
    var screenLock = true

    /** The key store's service does not answer now; its keys are unharmed. */
    var faulty = false

    /** The key store lists its keys and hands none over: what is behind it does not answer. */
    var handsOverNone = false

    /** For a moment the key store lists none of its keys. */
    var listsNone = false

    /** How this phone's StrongBox fails, where it is there and fails. */
    var strongBoxFault: Exception? = null

    /** As some of Android 8 to 11 do: an invalidated key is not handed over at all. */
    var bareInvalidation = false

    fun reset() {
        entries.clear()
        operations.clear()
        best = STRONGBOX
        locked = false
        screenLock = true
        faulty = false
        handsOverNone = false
        listsNone = false
        strongBoxFault = null
        bareInvalidation = false
        Security.removeProvider(KeyStores.NAME)
        // Robolectric installs BouncyCastle, which takes any key and stumbles over those without bytes.
        Security.removeProvider("BC")
        Security.addProvider(FakeAndroidKeyStore())
    }

    /** The customer's finger on the sensor: what waits for it may sign once. */
    fun touch() = operations.forEach { it.touched = true }

    /** A finger is enrolled in the settings. */
    fun newFinger() = entries.values.forEach { entry ->
        val spec = entry.spec ?: return@forEach
        if (spec.isUserAuthenticationRequired) entry.ended = true
    }

    /** What is on another phone after files were copied there: no key. */
    fun anotherPhone() = entries.clear()

    fun strongBox(spec: KeyGenParameterSpec) = Build.VERSION.SDK_INT >= 28 && spec.isStrongBoxBacked

    fun unlockedOnly(spec: KeyGenParameterSpec?) = spec != null && Build.VERSION.SDK_INT >= 28 && spec.isUnlockedDeviceRequired

    private fun level(spec: KeyGenParameterSpec): Int {
        if (!strongBox(spec)) return minOf(best, TRUSTED)
        strongBoxFault?.let { throw it }
        if (best < STRONGBOX) throw StrongBoxUnavailableException("no StrongBox in this phone")
        return STRONGBOX
    }

    fun generatePair(spec: KeyGenParameterSpec): KeyPair {
        // Before Android 15 such a key is bound to the screen lock.
        if (unlockedOnly(spec) && !screenLock && Build.VERSION.SDK_INT < 35) throw ProviderException("needs a screen lock")
        if (spec.isUserAuthenticationRequired && !screenLock) throw ProviderException("a key that asks needs a screen lock")
        val level = level(spec)
        val pair = KeyPairGenerator.getInstance("EC", FakePhone.provider).apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
        val chain = chain(pair, if (Build.VERSION.SDK_INT >= 24) spec.attestationChallenge else null)
        entries[spec.keystoreAlias] = Entry(spec, pair, null, level, chain)
        return KeyPair(pair.public, FakePrivateKey(spec.keystoreAlias))
    }

    fun generateSecret(spec: KeyGenParameterSpec): SecretKey {
        val bytes = ByteArray(spec.keySize / 8).also(java.security.SecureRandom()::nextBytes)
        entries[spec.keystoreAlias] = Entry(spec, null, SecretKeySpec(bytes, "AES"), level(spec), emptyList())
        return FakeSecretKey(spec.keystoreAlias)
    }

    /** The key's certificate with the challenge, signed by a maker's root; without a challenge only a certificate of its own. */
    private fun chain(pair: KeyPair, challenge: ByteArray?): List<X509Certificate> {
        val maker = KeyPairGenerator.getInstance("EC", FakePhone.provider).apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
        if (challenge == null) return listOf(certificate("CN=fake", pair, "CN=fake", pair, null))
        return listOf(
            certificate("CN=Android Keystore Key", pair, "CN=invented maker", maker, challenge),
            certificate("CN=invented maker", maker, "CN=invented maker", maker, null),
        )
    }

    private fun certificate(subject: String, of: KeyPair, issuer: String, by: KeyPair, challenge: ByteArray?): X509Certificate {
        val builder = JcaX509v3CertificateBuilder(
            X500Name(issuer), BigInteger.ONE, Date(0), Date(2_461_449_600_000), X500Name(subject), of.public,
        )
        challenge?.let { builder.addExtension(ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17"), false, DEROctetString(it)) }
        val signer = JcaContentSignerBuilder("SHA256withECDSA").setProvider(provider).build(by.private)
        return JcaX509CertificateConverter().getCertificate(builder.build(signer))
    }
}
