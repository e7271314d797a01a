package io.millrace.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A number of bytes, written with its unit: `10GB` and `1.5MB` count in thousands, `512MiB` in
/// 1024s.
///
/// @param bytes not negative
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    /// From large to small; among units that give the same number the first is printed.
    private static final SequencedMap<String, Long> UNITS = units();

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("must not be negative");
        }
    }

    private static SequencedMap<String, Long> units() {
        SequencedMap<String, Long> units = new LinkedHashMap<>();
        units.put("TB", 1_000_000_000_000L);
        units.put("TiB", 1L << 40);
        units.put("GB", 1_000_000_000L);
        units.put("GiB", 1L << 30);
        units.put("MB", 1_000_000L);
        units.put("MiB", 1L << 20);
        units.put("KB", 1_000L);
        units.put("kB", 1_000L);
        units.put("KiB", 1L << 10);
        units.put("B", 1L);
        return units;
    }

    /// @throws IllegalArgumentException whose message says what was expected
    public static ByteSize parse(String text) {
        int unitAt = 0;
        while (unitAt < text.length() && isNumeric(text.charAt(unitAt))) {
            unitAt++;
        }
        Long unit = UNITS.get(text.substring(unitAt).strip());
        if (unit == null || unitAt == 0 || unitAt > 30) {
            throw expected();
        }
        try {
            BigDecimal count = new BigDecimal(text.substring(0, unitAt));
            return new ByteSize(count.multiply(BigDecimal.valueOf(unit)).longValueExact());
        } catch (ArithmeticException | NumberFormatException _) {
            throw expected();
        }
    }

    private static boolean isNumeric(char c) {
        return (c >= '0' && c <= '9') || c == '.';
    }

    private static IllegalArgumentException expected() {
        return new IllegalArgumentException(
                "must be a whole number of bytes with its unit, such as 10GB, 512MiB or 64KB");
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /// The shortest text that reads back to the same number of bytes.
    @Override
    public String toString() {
        String best = bytes + "B";
        if (bytes > 0) {
            long least = bytes;
            for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
                long count = bytes / unit.getValue();
                if (count < least && bytes % unit.getValue() == 0) {
                    least = count;
                    best = count + unit.getKey();
                }
            }
        }
        return best;
    }
}
