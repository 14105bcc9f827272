package io.yinzheng;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One business event on its way to becoming a record 存证记录: the profile that reads it, the message, attachments, time and
 * citations. Immutable; {@link #of(String)} starts one.
 */
public final class EvidenceRecord {
  /** The largest power of ten of a decimal number, and the most places behind its point: those of the format. */
  private static final int POWER = 18;

  private final Map<String, Object> request;

  private EvidenceRecord(Map<String, Object> request) {
    this.request = Collections.unmodifiableMap(request);
  }

  /**
   * Starts a record.
   *
   * @param profile the id of a profile that comes with the library, such as {@code loan.disbursement}
   * @return a builder
   */
  public static Builder of(String profile) {
    return new Builder(Objects.requireNonNull(profile, "profile"));
  }

  /**
   * Starts a record.
   *
   * @param profile a profile of the host's own; it must be open when the record is appended
   * @return a builder
   */
  public static Builder of(Profile profile) {
    return new Builder(profile.handle());
  }

  Map<String, Object> request() {
    return request;
  }

  /**
   * The request, as the JSON door takes it. It holds the values in clear.
   *
   * @return JSON
   */
  public String toJson() {
    return Texts.string(Json.write(request));
  }

  /** Nothing of the content, which does not belong into a log. */
  @Override
  public String toString() {
    return "EvidenceRecord";
  }

  /** What {@code toPlainString} may spell out: 1e999999999 would be a text of a gigabyte. */
  private static String plain(String label, BigDecimal value) {
    boolean fits = value.scale() >= -POWER && value.scale() <= POWER
        && (value.scale() < 0 ? value.setScale(0) : value).unscaledValue().bitLength() < Long.SIZE;
    if (!fits) {
      throw new YinzhengException(ErrorCode.LIMIT_EXCEEDED,
          label + ": a decimal number has at most " + POWER + " places and as many digits as a 64-bit integer", null);
    }
    return value.toPlainString();
  }

  /** Gathers what a record is made of. Not for several threads at once. */
  public static final class Builder {
    private final Map<String, Object> request = new LinkedHashMap<>();
    private final Map<String, Object> message = new LinkedHashMap<>();
    private final List<Object> attachments = new ArrayList<>();
    private final List<Object> citations = new ArrayList<>();
    private String messageJson;

    private Builder(Object profile) {
      request.put("profile", profile);
    }

    private Builder put(String label, Object value) {
      message.put(Objects.requireNonNull(label, "label"), value);
      return this;
    }

    /**
     * A value as it was captured, as text. Labels are those of the profile, or the public names of its fields.
     *
     * @param label such as {@code 姓名}
     * @param value the text; empty stands for captured as empty
     * @return this
     */
    public Builder text(String label, String value) {
      return put(label, Objects.requireNonNull(value, label));
    }

    /**
     * Money, a rate or another decimal number, exactly: {@code 5000.00} keeps its two places.
     *
     * @param label such as {@code 借款金额}
     * @param value the number
     * @return this
     * @throws YinzhengException {@link ErrorCode#LIMIT_EXCEEDED} for more than 18 places, or more digits than a 64-bit integer has
     */
    public Builder amount(String label, BigDecimal value) {
      return put(label, plain(label, value));
    }

    /**
     * A whole number.
     *
     * @param label such as {@code 还款期数}
     * @param value the number
     * @return this
     */
    public Builder number(String label, long value) {
      return put(label, Long.toString(value));
    }

    /**
     * A moment, with the offset that the wall clock showed.
     *
     * @param label such as {@code 放款时间}
     * @param value the moment; what is finer than a millisecond is cut off
     * @return this
     */
    public Builder time(String label, OffsetDateTime value) {
      return put(label, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(value.truncatedTo(ChronoUnit.MILLIS)));
    }

    /**
     * A moment, in UTC.
     *
     * @param label such as {@code 放款时间}
     * @param value the moment; what is finer than a millisecond is cut off
     * @return this
     */
    public Builder time(String label, Instant value) {
      return time(label, value.atOffset(ZoneOffset.UTC));
    }

    /**
     * A day.
     *
     * @param label such as {@code 首次还款日}
     * @param value the day
     * @return this
     */
    public Builder date(String label, LocalDate value) {
      return put(label, value.toString());
    }

    /**
     * A field that was captured as unknown.
     *
     * @param label its label
     * @return this
     */
    public Builder unknown(String label) {
      return put(label, null);
    }

    /**
     * The whole message as JSON that the host has already, instead of single values. Its exact bytes are read.
     *
     * @param json one JSON object
     * @return this
     */
    public Builder message(String json) {
      messageJson = Objects.requireNonNull(json, "json");
      return this;
    }

    /**
     * The business's own id, once in a ledger: the same id with the same content gives the same answer again, with other
     * content {@link ErrorCode#CONFLICT}. It makes appending safe to repeat.
     *
     * @param id any text
     * @return this
     */
    public Builder businessId(String id) {
      request.put("business_id", Objects.requireNonNull(id, "id"));
      return this;
    }

    /**
     * The dossier 证据链 that it goes on with; without one it begins a new one.
     *
     * @param dossier a preservation number 保全号, or an id in hex
     * @return this
     */
    public Builder dossier(String dossier) {
      request.put("dossier", Objects.requireNonNull(dossier, "dossier"));
      return this;
    }

    /**
     * When it was captured; without it the system's clock is read, and the claim says so.
     *
     * @param time the claim
     * @return this
     */
    public Builder time(TimeClaim time) {
      request.put("time", time.request());
      return this;
    }

    /**
     * An attachment, by its digests; the original stays with the host.
     *
     * @param label the field
     * @param mediaType such as {@code application/pdf}
     * @param title for people; may be empty
     * @param digest its digests
     * @return this
     */
    public Builder attachment(String label, String mediaType, String title, TwinDigest digest) {
      Map<String, Object> attachment = new LinkedHashMap<>();
      attachment.put("field", Objects.requireNonNull(label, "label"));
      attachment.put("media_type", Objects.requireNonNull(mediaType, "mediaType"));
      attachment.put("title", Objects.requireNonNull(title, "title"));
      attachment.put("digest", digest.request());
      attachments.add(attachment);
      return this;
    }

    /**
     * An attachment in a file, which is read now.
     *
     * @param label the field
     * @param mediaType such as {@code application/pdf}
     * @param file the attachment
     * @return this
     */
    public Builder attachment(String label, String mediaType, Path file) {
      return attachment(label, mediaType, String.valueOf(file.getFileName()), TwinDigest.of(file));
    }

    /**
     * An attachment in memory.
     *
     * @param label the field
     * @param mediaType such as {@code application/pdf}
     * @param title for people; may be empty
     * @param bytes the attachment
     * @return this
     */
    public Builder attachment(String label, String mediaType, String title, byte[] bytes) {
      return attachment(label, mediaType, title, TwinDigest.of(bytes));
    }

    /**
     * An attachment from a stream, which is read to its end now and not closed.
     *
     * @param label the field
     * @param mediaType such as {@code application/pdf}
     * @param title for people; may be empty
     * @param in the attachment
     * @return this
     * @throws IOException when reading fails
     */
    public Builder attachment(String label, String mediaType, String title, InputStream in) throws IOException {
      return attachment(label, mediaType, title, TwinDigest.of(in));
    }

    /**
     * Another record that this one leans on.
     *
     * @param relation how
     * @param digest the other record's digest, {@code sha256:…} or {@code sm3:…}
     * @return this
     */
    public Builder cite(Relation relation, String digest) {
      Map<String, Object> citation = new LinkedHashMap<>();
      citation.put("relation", Objects.requireNonNull(relation, "relation"));
      citation.put("digest", Objects.requireNonNull(digest, "digest"));
      citations.add(citation);
      return this;
    }

    /**
     * An earlier record that this one corrects.
     *
     * @param digest its digest, {@code sha256:…} or {@code sm3:…}
     * @return this
     */
    public Builder supersedes(String digest) {
      request.put("supersedes", Objects.requireNonNull(digest, "digest"));
      return this;
    }

    /**
     * The hash of the record, where it is not the ledger's (detached sealing: where it is not SHA-256).
     *
     * @param hash the hash
     * @return this
     */
    public Builder hash(HashAlgorithm hash) {
      request.put("hash", Objects.requireNonNull(hash, "hash"));
      return this;
    }

    /** Makes sure that the text is one JSON value, so that nothing in it gets out of its member of the request. */
    private static String whole(String json) {
      try {
        Json.read(json);
        return json;
      } catch (YinzhengException wrong) {
        throw new YinzhengException(ErrorCode.INVALID_MESSAGE, "a message is one JSON object", wrong);
      }
    }

    /**
     * The record. The builder may go on.
     *
     * @return an immutable record
     */
    public EvidenceRecord build() {
      Map<String, Object> all = new LinkedHashMap<>(request);
      if (messageJson != null) {
        if (!message.isEmpty()) {
          throw new YinzhengException(ErrorCode.INVALID_ARGUMENT, "either a message in JSON or single values", null);
        }
        all.put("message", new Json.Raw(whole(messageJson)));
      } else {
        all.put("message", Collections.unmodifiableMap(new LinkedHashMap<>(message)));
      }
      if (!attachments.isEmpty()) {
        all.put("attachments", new ArrayList<>(attachments));
      }
      if (!citations.isEmpty()) {
        all.put("cite", new ArrayList<>(citations));
      }
      return new EvidenceRecord(all);
    }
  }
}
