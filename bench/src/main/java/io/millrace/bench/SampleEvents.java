package io.millrace.bench;

import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.log.EventRecords;
import io.millrace.log.RecordBody;
import java.util.ArrayList;
import java.util.List;

/// Events as a building's sensors send them.
final class SampleEvents {
    static final Context ROOM = Context.of("/org/contoso/site/berlin/building/41/room/4");

    private SampleEvents() {}

    /// An event whose record body, with all attributes, has close to 200 bytes.
    static Event event(int number) {
        return Event.builder()
                .id("e" + (1_000_000 + number))
                .source("/sensors/climate")
                .type("climate.v1")
                .time(Timestamp.parse("time", "2026-03-01T12:00:00.5Z"))
                .data(Bytes.utf8("{\"temperature\":21.5}"))
                .build();
    }

    static List<RecordBody> bodies(int count) {
        List<RecordBody> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bodies.add(EventRecords.encode(event(i), ROOM, false));
        }
        return List.copyOf(bodies);
    }
}
