package io.yinzheng.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import org.robolectric.util.ReflectionHelpers
import java.io.InputStream
import java.io.OutputStream
import java.security.InvalidKeyException
import java.security.Key
import java.security.KeyFactorySpi
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.PrivateKey
import java.security.Provider
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Signature
import java.security.SignatureException
import java.security.SignatureSpi
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.KeySpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.Cipher
import javax.crypto.CipherSpi
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** A key that never leaves [FakePhone]. */
class FakePrivateKey(val alias: String) : PrivateKey {
    override fun getAlgorithm() = "EC"

    override fun getFormat(): String? = null

    override fun getEncoded(): ByteArray? = null
}

/** The same for AES. */
class FakeSecretKey(val alias: String) : SecretKey {
    override fun getAlgorithm() = "AES"

    override fun getFormat(): String? = null

    override fun getEncoded(): ByteArray? = null
}

private fun usable(alias: String): FakePhone.Entry {
    if (FakePhone.faulty) throw java.security.ProviderException("the key store does not answer")
    val entry = FakePhone.entries[alias] ?: throw InvalidKeyException("no such key")
    if (entry.ended) throw KeyPermanentlyInvalidatedException()
    // As keystore2 says it since Android 12.
    if (FakePhone.locked && FakePhone.unlockedOnly(entry.spec)) throw UserNotAuthenticatedException("the device is locked")
    return entry
}

/** What Robolectric lacks: the provider AndroidKeyStore, with the refusals of a real one. */
class FakeAndroidKeyStore : Provider(KeyStores.NAME, 1.0, "the tests' key store") {
    init {
        serve("KeyStore", KeyStores.NAME, null) { FakeStore() }
        serve("KeyPairGenerator", "EC", null) { FakePairs() }
        serve("KeyGenerator", "AES", null) { FakeSecrets() }
        serve("KeyFactory", "EC", null) { FakeFactory() }
        serve("Signature", "SHA256withECDSA", FakePrivateKey::class.java) { FakeSignature() }
        serve("Cipher", "AES/GCM/NoPadding", FakeSecretKey::class.java) { FakeCipher() }
    }

    private fun serve(type: String, name: String, key: Class<*>?, make: () -> Any) {
        val attributes = if (key == null) emptyMap() else mapOf("SupportedKeyClasses" to key.name)
        putService(object : Service(this, type, name, make().javaClass.name, null, attributes) {
            override fun newInstance(parameter: Any?): Any = make()
        })
    }
}

class FakePairs : KeyPairGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun initialize(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()

    override fun initialize(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun generateKeyPair() = FakePhone.generatePair(spec)
}

class FakeSecrets : KeyGeneratorSpi() {
    private lateinit var spec: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?) = throw UnsupportedOperationException()

    override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
        spec = params as KeyGenParameterSpec
    }

    override fun engineInit(size: Int, random: SecureRandom?) = throw UnsupportedOperationException()

    override fun engineGenerateKey() = FakePhone.generateSecret(spec)
}

class FakeFactory : KeyFactorySpi() {
    override fun <T : KeySpec> engineGetKeySpec(key: Key, type: Class<T>): T {
        val entry = FakePhone.entries.getValue((key as FakePrivateKey).alias)
        val info = sun.misc.Unsafe::class.java.getDeclaredField("theUnsafe").run {
            isAccessible = true
            (get(null) as sun.misc.Unsafe).allocateInstance(KeyInfo::class.java)
        }
        ReflectionHelpers.setField(info, "mInsideSecureHardware", entry.level > FakePhone.SOFTWARE)
        if (Build.VERSION.SDK_INT >= 31) ReflectionHelpers.setField(info, "mSecurityLevel", entry.level)
        return type.cast(info)
    }

    override fun engineGeneratePublic(spec: KeySpec): PublicKey = throw UnsupportedOperationException()

    override fun engineGeneratePrivate(spec: KeySpec): PrivateKey = throw UnsupportedOperationException()

    override fun engineTranslateKey(key: Key): Key = throw UnsupportedOperationException()
}

/** Signs once for each touch where the key asks for one. */
class FakeSignature : SignatureSpi() {
    var touched = false
    private lateinit var entry: FakePhone.Entry
    private val inner = Signature.getInstance("SHA256withECDSA", FakePhone.provider)

    override fun engineInitVerify(key: PublicKey) = throw InvalidKeyException("signs only")

    override fun engineInitSign(key: PrivateKey) {
        entry = usable((key as? FakePrivateKey ?: throw InvalidKeyException("not of this store")).alias)
        inner.initSign(entry.pair!!.private)
        FakePhone.operations += this
    }

    override fun engineUpdate(one: Byte) = inner.update(one)

    override fun engineUpdate(bytes: ByteArray, offset: Int, length: Int) = inner.update(bytes, offset, length)

    override fun engineSign(): ByteArray {
        if (entry.ended) throw SignatureException(KeyPermanentlyInvalidatedException())
        if (entry.spec!!.isUserAuthenticationRequired && !touched) {
            // Since Android 13 with a number that apps may read, before without.
            if (Build.VERSION.SDK_INT >= 33) throw SignatureException(keyStoreException(NOT_AUTHENTICATED))
            throw SignatureException("Key user not authenticated")
        }
        touched = false
        return inner.sign()
    }

    private fun keyStoreException(number: Int): Throwable = ReflectionHelpers.callConstructor(
        Class.forName("android.security.KeyStoreException").asSubclass(Throwable::class.java),
        ReflectionHelpers.ClassParameter.from(Int::class.javaPrimitiveType, number),
        ReflectionHelpers.ClassParameter.from(String::class.java, "Key user not authenticated"),
    )

    override fun engineVerify(signature: ByteArray) = throw SignatureException("signs only")

    @Deprecated("SPI") override fun engineSetParameter(name: String, value: Any) = Unit

    @Deprecated("SPI") override fun engineGetParameter(name: String): Any? = null

    private companion object {
        // KeymasterDefs.KM_ERROR_KEY_USER_NOT_AUTHENTICATED
        const val NOT_AUTHENTICATED = -26
    }
}

class FakeCipher : CipherSpi() {
    private val inner = Cipher.getInstance("AES/GCM/NoPadding", FakePhone.provider)

    private fun secret(key: Key) = usable((key as? FakeSecretKey ?: throw InvalidKeyException("not of this store")).alias).secret!!

    override fun engineInit(mode: Int, key: Key, random: SecureRandom?) = inner.init(mode, secret(key))

    override fun engineInit(mode: Int, key: Key, params: AlgorithmParameterSpec?, random: SecureRandom?) {
        // A real one refuses a nonce that the caller chose.
        if (mode == Cipher.ENCRYPT_MODE && params != null) throw java.security.InvalidAlgorithmParameterException("Caller-provided IV not permitted")
        inner.init(mode, secret(key), params)
    }

    override fun engineInit(mode: Int, key: Key, params: java.security.AlgorithmParameters?, random: SecureRandom?) =
        throw UnsupportedOperationException()

    override fun engineUpdateAAD(bytes: ByteArray, offset: Int, length: Int) = inner.updateAAD(bytes, offset, length)

    override fun engineUpdate(bytes: ByteArray, offset: Int, length: Int): ByteArray? = inner.update(bytes, offset, length)

    override fun engineUpdate(bytes: ByteArray, offset: Int, length: Int, out: ByteArray, at: Int) = inner.update(bytes, offset, length, out, at)

    override fun engineDoFinal(bytes: ByteArray?, offset: Int, length: Int): ByteArray =
        if (bytes == null) inner.doFinal() else inner.doFinal(bytes, offset, length)

    override fun engineDoFinal(bytes: ByteArray, offset: Int, length: Int, out: ByteArray, at: Int) = inner.doFinal(bytes, offset, length, out, at)

    override fun engineGetIV(): ByteArray = inner.iv

    override fun engineSetMode(mode: String) = Unit

    override fun engineSetPadding(padding: String) = Unit

    override fun engineGetBlockSize() = 16

    override fun engineGetOutputSize(length: Int) = length + 16

    override fun engineGetParameters() = null
}

class FakeStore : KeyStoreSpi() {
    override fun engineGetKey(alias: String, password: CharArray?): Key? {
        // The system wraps whatever fails in this one.
        if (FakePhone.faulty) throw UnrecoverableKeyException("failed to obtain information about key")
        if (FakePhone.listsNone) return null
        val entry = FakePhone.entries[alias] ?: return null
        if (FakePhone.handsOverNone) throw UnrecoverableKeyException("failed to obtain information about key")
        if (entry.ended && FakePhone.bareInvalidation) throw UnrecoverableKeyException("failed to obtain information about key")
        return if (entry.pair != null) FakePrivateKey(alias) else FakeSecretKey(alias)
    }

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = FakePhone.entries[alias]?.chain?.toTypedArray()

    override fun engineGetCertificate(alias: String): Certificate? = FakePhone.entries[alias]?.chain?.firstOrNull()

    override fun engineContainsAlias(alias: String) = !FakePhone.faulty && alias in FakePhone.entries

    override fun engineDeleteEntry(alias: String) {
        FakePhone.entries.remove(alias)
    }

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(if (FakePhone.listsNone) emptyList() else FakePhone.entries.keys.toList())

    override fun engineSize() = FakePhone.entries.size

    override fun engineIsKeyEntry(alias: String) = alias in FakePhone.entries

    override fun engineIsCertificateEntry(alias: String) = false

    override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

    override fun engineStore(stream: OutputStream?, password: CharArray?) = throw UnsupportedOperationException()

    override fun engineGetCreationDate(alias: String) = Date(0)

    override fun engineGetCertificateAlias(certificate: Certificate): String? = null

    override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<Certificate>?) = throw UnsupportedOperationException()

    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<Certificate>?) = throw UnsupportedOperationException()

    override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = throw UnsupportedOperationException()
}
