package io.millrace.example.markets;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads trades from CSV: symbol, side, price, amount, timestamp; texts in quotes.
final class TradeFile {
    private static final int FIELDS = 5;

    private TradeFile() {}

    /// All trades of a file, by their time.
    static List<Trade> read(Path file) throws IOException {
        List<Trade> trades = new ArrayList<>();
        for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
            String[] fields = line.replace("\"", "").split(",", -1);
            if (fields.length != FIELDS) {
                throw new IOException("%s: this is no trade: %s".formatted(file, line));
            }
            trades.add(
                    new Trade(
                            fields[0],
                            fields[1],
                            new BigDecimal(fields[2]),
                            new BigDecimal(fields[3]),
                            Instant.parse(fields[4])));
        }
        trades.sort(Comparator.comparing(Trade::time));
        return trades;
    }
}
