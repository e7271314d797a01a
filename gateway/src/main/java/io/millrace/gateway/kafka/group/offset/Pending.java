package io.millrace.gateway.kafka.group.offset;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a producer's undecided transaction commits in one group. Only for the coordinator's thread.
final class Pending {
    private static final int ROW_VERSION = 1;

    private final short epoch;
    private final Map<Place, Offset> offsets = new LinkedHashMap<>();

    Pending(short epoch) {
        this.epoch = epoch;
    }

    short epoch() {
        return epoch;
    }

    Map<Place, Offset> offsets() {
        return offsets;
    }

    boolean has(String topic, int partition) {
        return offsets.keySet().stream()
                .anyMatch(place -> place.partition() == partition && place.topic().equals(topic));
    }

    Bytes row() {
        RowWriter row = new RowWriter(ROW_VERSION).number(epoch).number(offsets.size());
        offsets.forEach((place, offset) -> {
            row.text(place.topic()).id(place.id()).number(place.partition());
            offset.writeTo(row);
        });
        return row.done();
    }

    static Pending of(Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        Pending pending = new Pending((short) row.integer());
        int count = row.integer();
        for (int i = 0; i < count; i++) {
            Place place = new Place(row.text(), row.id(), row.integer());
            pending.offsets.put(place, Offset.readFrom(row));
        }
        return pending;
    }
}
