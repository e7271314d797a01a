package io.millrace.letter;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.keyed.KeyedChange;
import io.millrace.log.EventRecords;
import io.millrace.log.HeaderWindows;
import io.millrace.log.LogRecord;
import io.millrace.log.RecordHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dead letters as records: the event as every log has it ([EventRecords]), which keeps all
/// attribute types and the data byte by byte, and headers `letter-…` for the rest.
///
/// The key is `letter/` and the letter's id. A record without value would be a deletion, so an
/// event without data has an empty value and the header `letter-data` with `absent`.
///
/// Stateless; any thread.
final class LetterRecords {
    static final String KEY = "letter/";
    static final String KIND = "letter-kind";
    static final String NAME = "letter-name";
    static final String REASON = "letter-reason";
    static final String DETAIL = "letter-detail";
    static final String LAST = "letter-last";
    private static final String STATUS = "letter-status";
    private static final String ATTEMPTS = "letter-attempts";
    private static final String FIRST = "letter-first";
    private static final String STREAM = "letter-stream";
    private static final String PARTITION = "letter-partition";
    private static final String OFFSET = "letter-offset";
    private static final String RESUBMISSIONS = "letter-resubmissions";
    private static final String DATA = "letter-data";

    private LetterRecords() {}

    static String key(String id) {
        return KEY + id;
    }

    /// @param resubmissions instead of the letter's own
    static KeyedChange encode(DeadLetter letter, int resubmissions) {
        Event event = letter.event();
        List<RecordHeader> headers =
                new ArrayList<>(EventRecords.encodeAsIs(event, letter.context(), false).headers());
        headers.add(RecordHeader.of(KIND, letter.kind()));
        headers.add(RecordHeader.of(NAME, letter.name()));
        headers.add(RecordHeader.of(REASON, slug(letter.reason())));
        headers.add(RecordHeader.of(DETAIL, letter.detail()));
        headers.add(number(STATUS, letter.status()));
        headers.add(number(ATTEMPTS, letter.attempts()));
        headers.add(number(FIRST, letter.firstMillis()));
        headers.add(number(LAST, letter.lastMillis()));
        headers.add(RecordHeader.of(STREAM, letter.stream()));
        headers.add(number(PARTITION, letter.partition()));
        headers.add(number(OFFSET, letter.offset()));
        headers.add(number(RESUBMISSIONS, resubmissions));
        Bytes data = event.data();
        if (data == null) {
            headers.add(RecordHeader.of(DATA, "absent"));
        }
        return KeyedChange.put(key(letter.id()), data == null ? Bytes.EMPTY : data, headers);
    }

    private static RecordHeader number(String name, long number) {
        return RecordHeader.of(name, Long.toString(number));
    }

    /// As reasons stand in records: `attempts-exhausted`.
    static String slug(DeadLetter.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether the record is a letter's.
    static boolean isLetter(LogRecord record) {
        return record.header(KIND) != null;
    }

    static String id(LogRecord record) {
        Bytes key = record.key();
        return key == null ? "" : key.toUtf8().substring(KEY.length());
    }

    static String text(LogRecord record, String name) {
        Bytes value = record.header(name);
        return value == null ? "" : value.toUtf8();
    }

    static long number(LogRecord record, String name) {
        return Long.parseLong(text(record, name));
    }

    static DeadLetter decode(LogRecord record) {
        EventRecords.Recorded recorded = EventRecords.decodeOwn(new EventOf(record));
        return new DeadLetter(
                id(record),
                text(record, KIND),
                text(record, NAME),
                reason(text(record, REASON)),
                text(record, DETAIL),
                (int) number(record, STATUS),
                (int) number(record, ATTEMPTS),
                number(record, FIRST),
                number(record, LAST),
                text(record, STREAM),
                (int) number(record, PARTITION),
                number(record, OFFSET),
                (int) number(record, RESUBMISSIONS),
                recorded.context(),
                recorded.event());
    }

    private static DeadLetter.Reason reason(String slug) {
        return DeadLetter.Reason.valueOf(slug.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// The record as it would be in a stream: without value if the event has no data.
    private record EventOf(LogRecord letter) implements LogRecord {
        @Override
        public long offset() {
            return letter.offset();
        }

        @Override
        public long lastOfBatch() {
            return letter.lastOfBatch();
        }

        @Override
        public long timestampMillis() {
            return letter.timestampMillis();
        }

        @Override
        public @Nullable Bytes key() {
            return letter.key();
        }

        @Override
        public @Nullable Bytes value() {
            return hasValue() ? letter.value() : null;
        }

        @Override
        public @Nullable Bytes valueWindow() {
            return hasValue() ? letter.valueWindow() : null;
        }

        @Override
        public void find(HeaderWindows windows) {
            letter.find(windows);
        }

        @Override
        public boolean hasValue() {
            return letter.header(DATA) == null;
        }

        @Override
        public int valueLength() {
            return hasValue() ? letter.valueLength() : 0;
        }

        @Override
        public @Nullable Bytes header(String name) {
            return letter.header(name);
        }

        @Override
        public @Nullable Bytes headerAt(int index, String name) {
            return letter.headerAt(index, name);
        }

        @Override
        public void forEachHeader(HeaderVisitor visitor) {
            letter.forEachHeader(visitor);
        }
    }
}
