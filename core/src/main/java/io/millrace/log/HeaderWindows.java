package io.millrace.log;

import io.millrace.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Some headers of one record after the other, each found in one pass over the record. What it
/// gives are windows on the record's bytes, and hold as long as the record is visited. Used by one
/// thread.
public final class HeaderWindows {
    private static final int ABSENT = -1;
    private static final int WITHOUT_VALUE = -2;

    private final byte[][] names;
    private final int[] starts;
    private final int[] lengths;
    private byte[] bytes = new byte[0];

    /// @param names the headers that are wanted
    public HeaderWindows(String... names) {
        this.names = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            this.names[i] = names[i].getBytes(StandardCharsets.UTF_8);
        }
        starts = new int[names.length];
        lengths = new int[names.length];
        Arrays.fill(starts, ABSENT);
    }

    /// Forgets the record before.
    ///
    /// @param record all bytes in which the next one lies
    public void begin(byte[] record) {
        bytes = record;
        Arrays.fill(starts, ABSENT);
    }

    /// The next header of the record. The first of a name counts.
    ///
    /// @param length of the value, negative for none
    public void header(int nameAt, int nameLength, int valueAt, int length) {
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i];
            if (name.length == nameLength
                    && starts[i] == ABSENT
                    && Arrays.equals(name, 0, nameLength, bytes, nameAt, nameAt + nameLength)) {
                starts[i] = length < 0 ? WITHOUT_VALUE : valueAt;
                lengths[i] = length;
                return;
            }
        }
    }

    /// Whether the record has that header, with a value.
    ///
    /// @param index of its name among those that are wanted
    public boolean has(int index) {
        return starts[index] >= 0;
    }

    /// The value of that header, `null` if there is none.
    public @Nullable Bytes get(int index) {
        return starts[index] < 0 ? null : Bytes.wrap(bytes, starts[index], lengths[index]);
    }
}
