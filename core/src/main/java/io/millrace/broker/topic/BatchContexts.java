package io.millrace.broker.topic;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Quoted;
import io.millrace.log.BatchCheck;
import io.millrace.log.EventOrigin;
import io.millrace.log.EventRecords;
import io.millrace.log.LogSlice;
import io.millrace.log.Marks;
import io.millrace.log.ProducedBatch;
import io.millrace.log.Retain;
import io.millrace.shard.ContextCount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The contexts of a producer's batch, found while it is checked: the same that its records are
/// read in later. One for each batch; costs nothing for records without headers, and little for
/// those that name the same context one after the other.
public final class BatchContexts implements BatchCheck.HeaderVisitor {
    private static final byte[] CONTEXT = ascii("context");
    private static final byte[] SPECVERSION = ascii("ce_specversion");
    private static final byte[] SOURCE = ascii("ce_source");
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] MARKS = ascii(Marks.HEADER);

    /// Longer ones say nothing that is known here.
    private static final int CONTENT_TYPE_MAX = 256;

    private final EventOrigin origin;
    private final Map<Context, Tally> tallies = new LinkedHashMap<>(4);

    /// The record whose headers come by, and what they have said.
    private int record = -1;

    /// Which of the four have come: only the first of a name counts.
    private int seen;

    /// How many headers have come, and whether they are those of a record that was written here.
    private int headers;

    private boolean isOwn;

    private Retain retain = Retain.LATEST;
    private boolean isBinary;
    private @Nullable Bytes named;
    private @Nullable Bytes source;
    private boolean isStructured;

    /// Whether the context of some record can only be told from its value.
    private boolean needsValues;

    /// The latest that was found, by the bytes that told it.
    private @Nullable Bytes lastBytes;

    private @Nullable Context lastContext;

    private static final class Tally {
        private int count;
        private int last;
        private int decisive = -1;
        private Retain retain = Retain.PASS;
    }

    /// @param origin of records in that partition
    public BatchContexts(EventOrigin origin) {
        this.origin = origin;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void header(BatchCheck.RecordHeaderView header) {
        if (header.record() != record) {
            finish(header.record());
        }
        place(header);
        if (header.isNamed(CONTEXT)) {
            named = isFirst(1) ? value(header, "context") : named;
        } else if (header.isNamed(SPECVERSION)) {
            isBinary = isFirst(2) ? header.valueBytes() >= 0 : isBinary;
        } else if (header.isNamed(SOURCE)) {
            source = isFirst(4) ? value(header, "ce_source") : source;
        } else if (header.isNamed(CONTENT_TYPE) && isFirst(8)) {
            Bytes type =
                    header.valueBytes() > CONTENT_TYPE_MAX ? null : value(header, "content-type");
            isStructured = type != null && EventRecords.isStructured(type);
        }
    }

    /// A record that was copied from here keeps its [Marks].
    private void place(BatchCheck.RecordHeaderView header) {
        int index = headers++;
        if (index == 0) {
            isOwn = header.isNamed(CONTEXT);
        } else if (index == 1) {
            isOwn &= header.isNamed(SPECVERSION);
        } else if (index == Marks.INDEX && isOwn && header.isNamed(MARKS)) {
            boolean isShort = header.valueBytes() >= 0 && header.valueBytes() <= Marks.TEXT_MAX;
            Marks said = isShort ? Marks.of(value(header, Marks.HEADER)) : null;
            retain = said == null ? Retain.LATEST : said.retain();
        }
    }

    private boolean isFirst(int bit) {
        boolean first = (seen & bit) == 0;
        seen |= bit;
        return first;
    }

    /// A copy of nothing: valid until the next header.
    private @Nullable Bytes value(BatchCheck.RecordHeaderView header, String name) {
        if (header.valueBytes() < 0) {
            return null;
        }
        if (header.valueBytes() > BatchCheck.RecordHeaderView.VALUE_BYTES_MAX) {
            throw invalid(header.record(), "has a header %s of more than 16 KiB".formatted(name));
        }
        Bytes window = Bytes.wrap(header.bytes(), header.valueAt(), header.valueBytes());
        Bytes known = lastBytes;
        return known != null && window.equals(known) ? known : Bytes.wrap(window.toArray());
    }

    private static MillraceException invalid(int record, String what) {
        return new MillraceException(
                ErrorCode.RECORD_INVALID, "Record %d of the batch %s.".formatted(record, what));
    }

    /// Counts the record before, and those without headers up to the next.
    private void finish(int next) {
        if (record >= 0) {
            count(context(), record, 1, retain);
        }
        int skipped = next - record - 1;
        if (skipped > 0) {
            count(origin.mount(), next - 1, skipped, Retain.LATEST);
        }
        record = next;
        isBinary = false;
        named = null;
        source = null;
        isStructured = false;
        seen = 0;
        headers = 0;
        retain = Retain.LATEST;
    }

    private void count(Context context, int last, int count, Retain does) {
        Tally tally = tallies.computeIfAbsent(context, _ -> new Tally());
        tally.count += count;
        tally.last = last;
        if (does != Retain.PASS) {
            tally.decisive = last;
            tally.retain = does;
        }
    }

    private Context context() {
        Bytes path = named;
        Context found = null;
        if (path != null) {
            Bytes before = lastBytes;
            Context known = lastContext;
            boolean isSame = before != null && path.equals(before);
            found = known != null && isSame ? known : named(path);
            lastBytes = path;
            lastContext = found;
        } else if (isBinary) {
            Bytes uri = source;
            found = uri == null ? null : EventRecords.contextOfSource(uri.toUtf8());
        } else if (isStructured) {
            needsValues = true;
        }
        return found != null && origin.mount().covers(found) ? found : origin.mount();
    }

    private Context named(Bytes path) {
        Context context;
        try {
            context = Context.of(path.toUtf8());
        } catch (MillraceException e) {
            throw invalid(
                    record,
                    "has the header context \"%s\", which %s"
                            .formatted(
                                    Quoted.shortened(path.toUtf8()),
                                    e.problems().getFirst().detail()));
        }
        boolean isExact = Arrays.equals(context.toUtf8(), path.toArray());
        if (!isExact || !origin.mount().covers(context)) {
            throw invalid(
                    record,
                    "has the header context %s, which is not at or below %s, where its stream is mounted"
                            .formatted(Quoted.shortened(path.toUtf8()), origin.mount()));
        }
        return context;
    }

    /// The contexts once all headers have come by.
    ///
    /// @param batch that was checked
    public List<ContextCount> of(ProducedBatch batch) {
        if (record < 0) {
            return List.of(new ContextCount(origin.mount(), batch.count(), batch.count() - 1));
        }
        finish(batch.count());
        if (needsValues) {
            tallies.clear();
            LogSlice records = batch.records();
            long base = records.nextOffset() - batch.count();
            records.forEach(each -> {
                int delta = (int) (each.offset() - base);
                count(EventRecords.context(each, origin), delta, 1, EventRecords.retain(each));
            });
        }
        List<ContextCount> counts = new ArrayList<>(tallies.size());
        tallies.forEach((context, tally) -> {
            int decisive = tally.decisive < 0 ? tally.last : tally.decisive;
            counts.add(new ContextCount(context, tally.count, tally.last, decisive, tally.retain));
        });
        return counts;
    }
}
