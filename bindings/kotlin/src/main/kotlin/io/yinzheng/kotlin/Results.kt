package io.yinzheng.kotlin

import io.yinzheng.ErrorCode
import io.yinzheng.Outcome
import io.yinzheng.Policy
import io.yinzheng.Verdict
import io.yinzheng.VerdictLine
import io.yinzheng.Verifier
import io.yinzheng.YinzhengException
import java.time.Instant

/** What a verdict comes down to. None of them is "valid": what is not proven stands in [open]. */
public sealed class Judgement(
    /** Every check. */
    public val verdict: Verdict,
) {
    /** What is shown cannot be read at all. */
    public class Unreadable internal constructor(verdict: Verdict) : Judgement(verdict)

    /** What is shown contradicts itself, or what it was sealed as. */
    public class Contradicted internal constructor(verdict: Verdict) : Judgement(verdict) {
        /** By what. */
        public val by: List<VerdictLine> get() = verdict.lines(Outcome.CONTRADICTED)
    }

    /** Nothing is contradicted, but nothing is proven either. */
    public class NothingProven internal constructor(verdict: Verdict) : Judgement(verdict)

    /** Nothing is contradicted, but nobody outside says whose ledger it is: a whole forged one looks the same. */
    public class IntegrityOnly internal constructor(verdict: Verdict) : Judgement(verdict)

    /** Nothing is contradicted, and the policy knows some of the ledgers shown, others not. */
    public class OriginInPart internal constructor(verdict: Verdict) : Judgement(verdict)

    /** Nothing is contradicted, and the policy knows every ledger shown. */
    public class OriginProven internal constructor(verdict: Verdict) : Judgement(verdict)

    /** Checks for which what is shown does not suffice. */
    public val open: List<VerdictLine> get() = verdict.lines(Outcome.NOT_PROVEN)
}

/** What the verdict comes down to, for `when`. */
public val Verdict.judgement: Judgement
    get() = when {
        unreadable() -> Judgement.Unreadable(this)
        contradicted() -> Judgement.Contradicted(this)
        count(Outcome.PROVEN) == 0 -> Judgement.NothingProven(this)
        originProven() -> Judgement.OriginProven(this)
        originInPart() -> Judgement.OriginInPart(this)
        else -> Judgement.IntegrityOnly(this)
    }

/** Verifies a proof at a declared time. */
public fun verify(proof: ByteArray, policy: Policy = Policy.NONE, at: Instant = Instant.now()): Verdict =
    Verifier.verify(proof, policy, at)

/** Verifies a bundle at a declared time. */
public fun verifyBundle(bundle: ByteArray, policy: Policy = Policy.NONE, at: Instant = Instant.now()): Verdict =
    Verifier.verifyBundle(bundle, policy, at)

/** How a call came out, for who would rather match than catch. */
public sealed class Attempt<out T> {
    /** It gave a value. */
    public data class Done<out T>(val value: T) : Attempt<T>()

    /** It failed. */
    public data class Failed(val code: ErrorCode, val number: Int, val message: String) : Attempt<Nothing>()
}

/** Runs calls of the library; their [YinzhengException] becomes data, others go on. */
public inline fun <T> attempt(work: () -> T): Attempt<T> = try {
    Attempt.Done(work())
} catch (error: YinzhengException) {
    Attempt.Failed(error.code(), error.number(), error.message.orEmpty())
}
