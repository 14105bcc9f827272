/**
 * Yinzheng 印证: business events sealed as evidence that others can check years later, offline.
 *
 * <p>{@link io.yinzheng.Ledger} seals with an embedded store, {@link io.yinzheng.Sealer} over the host's own database;
 * {@link io.yinzheng.Verifier} verifies. Everything is unchecked {@link io.yinzheng.YinzhengException} that fails; what a
 * verification finds is data. Null is {@link java.lang.NullPointerException}, but where a parameter says it may be null; bare
 * arrays that are null are error 101. Returned arrays are the caller's. Objects with {@code close()} stay open until closed.
 */
package io.yinzheng;
