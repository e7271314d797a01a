package io.millrace.cli.text;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns, two spaces apart.
///
/// Not thread-safe.
public final class Table {
    /// On which side of its column a cell stands.
    public enum Align {
        LEFT,
        RIGHT
    }

    private final List<Align> alignments = new ArrayList<>();
    private final List<String> headings = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /// Adds a column.
    public Table column(String heading, Align align) {
        headings.add(heading);
        alignments.add(align);
        return this;
    }

    /// Adds a row with a cell for every column.
    public void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells, not " + headings.size());
        }
        List<String> safe = new ArrayList<>(cells.length);
        for (String cell : cells) {
            safe.add(Visible.of(cell));
        }
        rows.add(safe);
    }

    /// The lines, the headings first.
    public List<String> lines(Style style) {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = headings.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.bold(line(headings, widths)));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            switch (alignments.get(i)) {
                case LEFT -> line.append(cells.get(i)).append(padding);
                case RIGHT -> line.append(padding).append(cells.get(i));
            }
            line.append("  ");
        }
        return line.toString().stripTrailing();
    }
}
