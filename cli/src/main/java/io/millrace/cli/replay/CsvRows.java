package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/// Rows of comma-separated values (RFC 4180).
///
/// The first row names the columns. Where it has one name fewer than the rows have values, the
/// first column holds row numbers or names without a heading, as R writes them; that column is
/// called `rownumber`. Empty lines are passed over.
final class CsvRows implements RowSource {
    static final String ROW_NUMBER = "rownumber";

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String origin;
    private final Numbers numbers;
    private final Json json;
    private final RecordingReader text;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Columns columns;
    private @Nullable CSVRecord pending;
    private long pendingLine;
    private long number;
    private long end;

    /// How the file is to be read.
    ///
    /// @param delimiter what stands between values
    /// @param header whether the first row names the columns
    /// @param numbers which values become JSON numbers
    record Layout(char delimiter, boolean header, Numbers numbers) {}

    /// @param origin the file, as the user knows it
    CsvRows(InputStream in, String origin, Layout layout, Json json) throws IOException {
        this.origin = origin;
        this.numbers = layout.numbers();
        this.json = json;
        this.text = new RecordingReader(withoutMark(in), origin, ROW_MAX);
        CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(layout.delimiter()).get();
        this.parser = CSVParser.builder().setReader(text).setFormat(format).get();
        this.records = parser.iterator();
        this.columns = layout.header() ? headed() : headless();
    }

    /// Spreadsheets like to begin a file with a byte order mark, which is not part of the text.
    private static InputStream withoutMark(InputStream in) throws IOException {
        PushbackInputStream pushback = new PushbackInputStream(in, MARK.length);
        byte[] beginning = pushback.readNBytes(MARK.length);
        if (!Arrays.equals(beginning, MARK)) {
            pushback.unread(beginning);
        }
        return pushback;
    }

    private Columns headed() {
        CSVRecord header = read();
        if (header == null) {
            throw CommandFailure.failed(origin + " is empty; not even a header is there.");
        }
        List<String> names = new ArrayList<>(header.toList());
        pending = read();
        end = bytes(text.take(0, start(pending)));
        if (pending != null && pending.size() == names.size() + 1) {
            names.addFirst(ROW_NUMBER);
            if (names.lastIndexOf(ROW_NUMBER) > 0) {
                names.set(0, "_" + ROW_NUMBER);
            }
        }
        return Columns.of(names);
    }

    private Columns headless() {
        pending = read();
        int count = pending == null ? 0 : pending.size();
        return Columns.of(IntStream.rangeClosed(1, count).mapToObj(i -> "c" + i).toList());
    }

    @Override
    public Columns columns() {
        return columns;
    }

    @Override
    public @Nullable Row next() {
        CSVRecord record = pending;
        if (record == null) {
            return null;
        }
        long line = pendingLine;
        number++;
        if (record.size() != columns.names().size()) {
            throw CommandFailure.failed(
                    "%s, row %d (line %d) has %d values, but there are %d columns: %s."
                            .formatted(
                                    origin,
                                    number,
                                    line,
                                    record.size(),
                                    columns.names().size(),
                                    columns.listed()));
        }
        pending = read();
        String raw = text.take(start(record), start(pending));
        end += bytes(raw);
        List<Row.Value> values = new ArrayList<>(record.size());
        for (String value : record) {
            values.add(new Row.Value(value, numbers.isNumber(value) ? value : json.quote(value)));
        }
        return new Row(number, line, end, withoutLineEnds(raw), columns, values);
    }

    private @Nullable CSVRecord read() {
        // The parser counts the lines that it has read; a row begins on the next one.
        pendingLine = parser.getCurrentLineNumber() + 1;
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw CommandFailure.failed(
                    "%s cannot be read as CSV at row %d (line %d): %s"
                            .formatted(origin, number + 1, pendingLine, e.getMessage()));
        }
    }

    private static long start(@Nullable CSVRecord record) {
        return record == null ? Long.MAX_VALUE : record.getCharacterPosition();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Without the row's own line end, and without empty lines around it.
    private static String withoutLineEnds(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isLineEnd(text.charAt(from))) {
            from++;
        }
        while (to > from && isLineEnd(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
