package io.millrace.cursor;

import java.nio.charset.StandardCharsets;

/// Entries of a journal as bytes: a kind, whose it is, and what [CursorCodec] makes of the rest.
/// Thread-safe.
public final class JournalCodec {
    private static final int CHANGE = 1;
    private static final int WHOLE = 2;
    private static final int MORE = 3;
    private static final int DROPPED = 4;
    private static final int NOTE = 5;

    private JournalCodec() {}

    public static byte[] encode(JournalEntry entry) {
        NumberWriter out = new NumberWriter();
        return switch (entry) {
            case JournalEntry.Change(CursorId id, CursorRecord record) ->
                    id(out, CHANGE, id).put(CursorCodec.encode(record)).toBytes();
            case JournalEntry.Whole(CursorId id, CursorSnapshot snapshot) ->
                    id(out, WHOLE, id).put(CursorCodec.encode(snapshot)).toBytes();
            case JournalEntry.More(CursorId id, CursorSnapshot snapshot) ->
                    id(out, MORE, id).put(CursorCodec.encode(snapshot)).toBytes();
            case JournalEntry.Dropped(CursorId id) -> id(out, DROPPED, id).toBytes();
            case JournalEntry.Note(int group, String text) ->
                    out.put(NOTE).put(group).put(text.getBytes(StandardCharsets.UTF_8)).toBytes();
        };
    }

    private static NumberWriter id(NumberWriter out, int kind, CursorId id) {
        return out.put(kind).put(id.group()).put(id.stream()).put(id.partition());
    }

    /// @throws IllegalArgumentException if the bytes are no entry
    public static JournalEntry decode(byte[] bytes) {
        NumberReader in = new NumberReader(bytes);
        int kind = in.takeInt();
        if (kind == NOTE) {
            int group = in.takeInt();
            return new JournalEntry.Note(group, new String(in.rest(), StandardCharsets.UTF_8));
        }
        CursorId id = new CursorId(in.takeInt(), in.takeInt(), in.takeInt());
        byte[] rest = in.rest();
        return switch (kind) {
            case CHANGE -> new JournalEntry.Change(id, CursorCodec.decode(rest));
            case WHOLE -> new JournalEntry.Whole(id, CursorCodec.decodeSnapshot(rest));
            case MORE -> new JournalEntry.More(id, CursorCodec.decodeSnapshot(rest));
            case DROPPED -> new JournalEntry.Dropped(id);
            default -> throw new IllegalArgumentException("no entry has kind " + kind);
        };
    }
}
