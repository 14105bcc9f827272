package example.customer

import io.yinzheng.ClockTier
import io.yinzheng.Custody
import io.yinzheng.DropReason
import io.yinzheng.Grade
import io.yinzheng.HashAlgorithm
import io.yinzheng.Head
import io.yinzheng.KeyRole
import io.yinzheng.Language
import io.yinzheng.Ledger
import io.yinzheng.Outcome
import io.yinzheng.Policy
import io.yinzheng.ProofRequest
import io.yinzheng.SignatureAlgorithm
import io.yinzheng.SoftwareKey
import io.yinzheng.TimeClaim
import io.yinzheng.VaultSuite
import io.yinzheng.Verifier
import io.yinzheng.Yinzheng
import io.yinzheng.android.GuardedLedger
import io.yinzheng.android.Mirror
import java.io.File
import java.math.BigDecimal
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import java.time.Duration
import java.time.Instant
import java.time.OffsetDateTime

/** In the place of the phone's key store: files. For this story only. */
class Desk(private val folder: File) : Mirror {
    val ledger = File(folder, "customer.db")
    private val mirror = File(folder, "mirror.json")

    fun key(name: String): SoftwareKey {
        val file = File(folder, "$name.pem")
        if (!file.exists()) SoftwareKey.generate(SignatureAlgorithm.P_256).use { file.writeText(it.toPkcs8(PASSPHRASE)) }
        return SoftwareKey.ofPkcs8(file.readText(), PASSPHRASE)
    }

    fun vaultKey(): ByteArray {
        val file = File(folder, "vault.key")
        if (!file.exists()) file.writeBytes(Yinzheng.newVaultKey(VaultSuite.AES_256_GCM))
        return file.readBytes()
    }

    fun open(key: SoftwareKey): GuardedLedger = GuardedLedger.openOrCreate(
        ledger,
        { Ledger.opening(ledger.toPath()) },
        {
            Ledger.creating(HashAlgorithm.SHA_256, key.publicKey(), Custody.SOFTWARE)
                .organisation("示例银行手机银行").environment("the story's desk", "no phone")
        },
        vaultKey(), this, key,
    )

    override fun read(): Head? = if (mirror.exists()) Head.ofJson(mirror.readText()) else null

    override fun write(head: Head) {
        val next = File(folder, "mirror.new").apply { writeText(head.toJson()) }
        Files.move(next.toPath(), mirror.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
    }

    private companion object {
        val PASSPHRASE = "story".toCharArray()
    }
}

/** The times of the story, as the phone's clock tells them. */
private fun at(time: String): OffsetDateTime = OffsetDateTime.parse("2026-10-08T$time+08:00")

private fun flow(ledger: Ledger, customer: SoftwareKey, kid: String) = LoanFlow(
    ledger, customer.publicKey(), kid, { TimeClaim.declared(OffsetDateTime.now()).tier(ClockTier.DEVICE) },
    { it.text("deviceOs", "Android 14 (API 34)").text("deviceModel", "示例 手机").text("cleanCheck", "CLEAN") },
)

private fun moment(time: OffsetDateTime) = Moment(time, Duration.between(at("00:00:00"), time))

private fun read(title: String, text: String, from: String, until: String, version: String = "2026-10"): Read = Reading(title, version, text).run {
    shown(moment(at(from)))
    reached(40, moment(at(from).plusSeconds(5)))
    hidden(moment(at(from).plusSeconds(6)))
    shown(moment(at(from).plusSeconds(16)))
    reached(100, moment(at(until).minusSeconds(2)))
    val tapped = moment(at(until))
    // Somebody sets the wall clock while the text is on the screen: durations do not follow it.
    val read = snapshot(Moment(tapped.wall.plusHours(3), tapped.elapsed))
    check(read.seconds == Duration.between(at(from), at(until)).seconds - 10) { "the reading took ${read.seconds} s" }
    // What comes after the tap is not in what was signed.
    reached(100, moment(at(until).plusSeconds(9)))
    check(read.readToEnd && read.events == "5:40 ${Duration.between(at(from), at(until)).seconds - 2}:100") { read.events }
    snapshot(tapped)
}

/** The part that is killed: read, agree, sign, and begin a block. */
private fun untilKilled(desk: Desk) {
    desk.key("phone").use { key ->
        desk.key("customer").use { customer ->
            val guarded = desk.open(key)
            val keys = guarded.ledger.keys()
            val enrol = keys.enrol(KeyRole.CUSTOMER, customer.publicKey(), Custody.SOFTWARE, Instant.now())
            val kid = keys.finish(enrol.bytes(), customer.sign(enrol.toSign()))
            val flow = flow(guarded.ledger, customer, kid)
            val held = flow.agree(read("信用贷款服务协议", Texts.AGREEMENT, "20:01:00", "20:01:40"))
            println("dossier ${flow.finish(held, customer.sign(held.toSign())).preservationNumber()}")
            println("begun ${hex(guarded.ledger.begin().bytes())}")
            System.out.flush()
            Thread.sleep(60_000)
        }
    }
}

private fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02x".format(it) }

/** `Story FOLDER`: the whole of it. The folder must be empty. Ends with status 1 when anything is not as it must be. */
fun main(args: Array<String>) {
    val folder = File(args[0])
    if (args.size == 2) return untilKilled(Desk(folder))
    check(folder.isDirectory && folder.list().isNullOrEmpty()) { "$folder must be an empty folder" }
    val java = File(System.getProperty("java.home"), "bin/java").path
    val child = ProcessBuilder(
        java, "-Dyinzheng.library=" + System.getProperty("yinzheng.library"), "-cp", System.getProperty("java.class.path"),
        "example.customer.StoryKt", folder.path, "until-killed",
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val said = child.inputStream.bufferedReader().lineSequence().takeWhileInclusive { !it.startsWith("begun ") }
    child.destroyForcibly().waitFor()
    check(said.size == 2) { "the first part ended too early" }
    println("read, agreed, signed; killed between begin and commit")
    finish(Desk(folder), said[0].substringAfter(' '), said[1].substringAfter(' '))
}

private fun Sequence<String>.takeWhileInclusive(go: (String) -> Boolean): List<String> {
    val out = mutableListOf<String>()
    for (line in this) {
        out += line
        if (!go(line)) break
    }
    return out
}

private fun finish(desk: Desk, dossier: String, begun: String) = desk.key("phone").use { key ->
    desk.key("customer").use { customer ->
        desk.open(key).use { guarded ->
            val pending = checkNotNull(guarded.pending()) { "no block waits" }
            check(hex(pending.bytes()) == begun) { "another block waits than the one whose bytes were handed out" }
            guarded.commit(key.sign(pending))
            println("started again: the same block waited, and is sealed")
            // Nobody kept the kid: the ledger knows it.
            val kid = guarded.ledger.keys().party(customer.publicKey()).get().kid()
            val flow = flow(guarded.ledger, customer, kid)
            val offer = Offer("JJ-2026-0001", "HT-2026-0001", BigDecimal("5000.00"))
            val held = flow.draw(offer, read("借据", Texts.NOTE, "23:59:20", "23:59:50"), dossier)
            flow.finish(held, customer.sign(held.toSign()))
            // A refused prompt: the same record waits. Its key ended: dropped, and agreed to anew.
            val again = flow.agree(read("个人信息授权书", Texts.AGREEMENT, "23:59:00", "23:59:30", "2026-11"))
            check(flow.waiting().single().id() == again.id()) { "what waits is not offered again" }
            guarded.ledger.dropStatement(again.id(), DropReason.WITHDRAWN, null)
            val anew = flow.agree(read("个人信息授权书", Texts.AGREEMENT, "23:59:00", "23:59:30", "2026-11"))
            flow.finish(anew, customer.sign(anew.toSign()))
            guarded.seal(key)
            println("drew ${offer.amount}, sealed offline")
            val bundle = flow.bundle()
            File(desk.ledger.parentFile, "sync.yzb").writeBytes(bundle)
            val id = guarded.ledger.head().ledgerId().substringAfter(':')
            val policy = Policy.ofJson("""{"ledgers":[{"id":"$id","hash":"SHA-256","name":"示例银行手机银行"}]}""")
            val proof = guarded.ledger.prove(ProofRequest.ofDossier(dossier).showAll())
            val grades = Verifier.verify(proof, policy, Instant.now()).records().map { it.grade() }
            check(grades == listOf(Grade.COUNTERSIGNED_BY_PARTY, Grade.COUNTERSIGNED_BY_PARTY)) { "the customer did not countersign: $grades" }
            val verdict = Verifier.verifyBundle(bundle, policy, Instant.now())
            verdict.lines().forEach { println("  ${it.outcome()} ${it.check()} ${it.says(Language.ZH)}") }
            check(!verdict.contradicted() && verdict.originProven()) { "the bundle does not verify" }
            check(verdict.count(Outcome.PROVEN) > 0)
            bundle[bundle.size / 2] = (bundle[bundle.size / 2].toInt() xor 1).toByte()
            val spoilt = Verifier.verifyBundle(bundle, policy, Instant.now())
            check(spoilt.contradicted() || spoilt.unreadable()) { "a spoilt bundle passes" }
            println("sync bundle of ${bundle.size} bytes: verified; with one bit changed: refused")
        }
    }
}
