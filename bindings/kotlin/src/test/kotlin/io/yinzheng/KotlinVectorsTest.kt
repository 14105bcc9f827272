package io.yinzheng

import io.yinzheng.kotlin.Attempt
import io.yinzheng.kotlin.attempt
import io.yinzheng.kotlin.verify
import io.yinzheng.kotlin.verifyBundle
import org.junit.jupiter.api.Test
import java.time.Instant

/** Every vector of tests/vectors through Kotlin: its functions where it has some, else the Java classes called from Kotlin. */
class KotlinVectorsTest {
    private object KotlinDoor : Door {
        private val at: Instant = Instant.ofEpochMilli(4_000_000_000_000)

        /** Through [attempt] and out again, so that every refusal passes it. */
        private fun <T> through(work: () -> T): T = when (val came = attempt(work)) {
            is Attempt.Done -> came.value
            is Attempt.Failed -> throw YinzhengException(came.number, came.message)
        }

        override fun digest(hash: HashAlgorithm, bytes: ByteArray): ByteArray = through { Checks.digest(hash, bytes) }

        override fun inspect(kind: String, bytes: ByteArray, beside: String?): String =
            through { Checks.inspect(kind, bytes, beside) }

        override fun signature(key: VerifyKey, message: ByteArray, signature: ByteArray, form: SignatureForm): ByteArray =
            through { Checks.signature(key, message, signature, form) }

        override fun describe(key: VerifyKey): String = through { key.describe() }

        override fun treeRoot(hash: HashAlgorithm, leafHashes: ByteArray): ByteArray =
            through { Checks.treeRoot(hash, leafHashes) }

        override fun inclusion(
            hash: HashAlgorithm, leafHash: ByteArray, index: Long, size: Long, path: ByteArray, root: ByteArray,
        ) = through { Checks.inclusion(hash, leafHash, index, size, path, root) }

        override fun consistency(
            hash: HashAlgorithm, first: Long, second: Long, firstRoot: ByteArray, secondRoot: ByteArray, path: ByteArray,
        ) = through { Checks.consistency(hash, first, second, firstRoot, secondRoot, path) }

        override fun twin(bytes: ByteArray): TwinDigest = through { TwinDigest.of(bytes) }

        override fun twinInPieces(bytes: ByteArray): TwinDigest = through { TwinDigest.of(bytes.inputStream()) }

        override fun readValue(type: String, text: String): String = through { Profile.valueJson(type, text) }

        override fun readMessage(profile: String, message: String): String = through { Profile.readJson(profile, message) }

        override fun loadProfile(file: ByteArray) = through { Profile.load(file).use { it.describeJson() } }.let { }

        override fun verify(proof: ByteArray, policy: Policy): Verdict = through { verify(proof, policy, at) }

        override fun verifyBundle(bundle: ByteArray, policy: Policy): Verdict = through { verifyBundle(bundle, policy, at) }
    }

    @Test
    fun `every vector comes out as it says`() = println(VectorsTest.all(KotlinDoor))
}
