package io.millrace.broker;

import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.io.Clock;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceReader;
import io.millrace.resource.StreamResource;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The resources that exist, kept as events in the system stream: each change is one, so that
/// whoever follows `/millrace/**` hears of it, and starting reads them back. Used by one thread at
/// a time.
final class Catalogue {
    private static final String TYPE = "io.millrace.stream.";
    private static final String INCARNATION = "incarnation";

    /// A stream that exists.
    ///
    /// @param incarnation tells it from earlier streams of its name
    record Known(StreamResource resource, int incarnation) {}

    private final Clock clock;
    private final TreeMap<String, Known> streams = new TreeMap<>();
    private final List<String> deleted = new ArrayList<>();
    private int changes;

    Catalogue(Clock clock) {
        this.clock = clock;
    }

    /// Reads all changes back.
    void recover(Stream system) {
        HistoryReader history = new HistoryReader();
        system.partitions().forEach(p -> history.add(p, p.log().startOffset(), null));
        while (!history.atEnd()) {
            history.next(1000).forEach(this::replay);
        }
    }

    private void replay(StoredEvent stored) {
        Event event = stored.event();
        String name = event.subject();
        if (name == null || !event.type().startsWith(TYPE)) {
            return;
        }
        int incarnation = incarnation(event);
        changes = Math.max(changes, incarnation);
        Bytes data = event.data();
        if (data == null) {
            streams.remove(name);
            deleted.add(name + "." + incarnation);
        } else {
            streams.put(name, new Known(read(name, data), incarnation));
        }
    }

    private static int incarnation(Event event) {
        return event.extensions().get(INCARNATION) instanceof IntegerValue(int value) ? value : 0;
    }

    private static StreamResource read(String name, Bytes data) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ResourceDocument document =
                new ResourceReader()
                        .readOne(data, DocumentReader.Format.JSON, StreamResource.KIND, name);
        StreamResource resource = StreamResource.read(document, problems);
        problems.throwIfAny();
        if (resource == null) {
            throw new IllegalStateException("a resource without problems is there");
        }
        return resource;
    }

    /// All streams by name.
    Map<String, Known> streams() {
        return streams;
    }

    @Nullable Known find(String name) {
        return streams.get(name);
    }

    /// Folders of streams that were deleted, as name and incarnation.
    List<String> deleted() {
        return deleted;
    }

    /// A number for a stream that is about to be created; never given twice.
    int nextIncarnation() {
        return ++changes;
    }

    /// Gives no number that a folder has: the record of its stream's deletion may be compacted away
    /// while the files could not be deleted.
    ///
    /// @param folders as name and incarnation
    void avoid(List<String> folders) {
        for (String folder : folders) {
            String number = folder.substring(folder.lastIndexOf('.') + 1);
            if (number.length() < 10 && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                changes = Math.max(changes, number.isEmpty() ? 0 : Integer.parseInt(number));
            }
        }
    }

    static Context context(String name) {
        return Context.of("/millrace/streams/" + name);
    }

    /// The event of a creation or change.
    Event put(String verb, StreamResource resource, int incarnation) {
        return event(verb, resource.name(), incarnation, Bytes.utf8(resource.toJson().toString()));
    }

    /// The event of a deletion: without data, so that compaction drops what was before it.
    Event delete(String name, int incarnation) {
        return event("deleted", name, incarnation, null);
    }

    private Event event(String verb, String name, int incarnation, @Nullable Bytes data) {
        Timestamp now = Timestamp.of(Instant.ofEpochMilli(clock.epochMillis()));
        return Event.builder()
                .id("%s.%d.%s.%s".formatted(name, incarnation, verb, now))
                .source("/millrace/streams/" + name)
                .type(TYPE + verb)
                .subject(name)
                .time(now)
                .dataContentType(data == null ? null : "application/json")
                .extension(INCARNATION, new IntegerValue(incarnation))
                .data(data)
                .build();
    }
}
