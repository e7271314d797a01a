package io.millrace.cli.consume;

import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// How subscriptions and queues are doing, as tables.
///
/// @param now against which ages are counted
public record StatusTables(Instant now) {
    /// One line for each subscription.
    public Table subscriptions(List<JsonNode> statuses) {
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("LAG", Align.RIGHT)
                        .column("AGE", Align.RIGHT)
                        .column("LEASED", Align.RIGHT)
                        .column("RATE", Align.RIGHT)
                        .column("DEAD", Align.RIGHT)
                        .column("STATE", Align.LEFT)
                        .column("LAST FAILURE", Align.LEFT);
        for (JsonNode status : statuses) {
            JsonNode ledger = status.path("ledger");
            table.row(
                    status.path("name").asString(""),
                    Quantity.count(number(ledger, "pending") + number(ledger, "unread")),
                    age(ledger),
                    count(ledger, "leased"),
                    rate(status),
                    count(ledger, "deadLettered"),
                    state(status),
                    status.path("lastFailure").asString("-"));
        }
        return table;
    }

    /// One line for each queue.
    public Table queues(List<JsonNode> statuses) {
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("DEPTH", Align.RIGHT)
                        .column("READY", Align.RIGHT)
                        .column("LEASED", Align.RIGHT)
                        .column("AGE", Align.RIGHT)
                        .column("WORKERS", Align.RIGHT)
                        .column("RATE", Align.RIGHT)
                        .column("DEAD", Align.RIGHT)
                        .column("STATE", Align.LEFT);
        for (JsonNode status : statuses) {
            JsonNode ledger = status.path("ledger");
            long elsewhere =
                    number(ledger, "leased")
                            + number(ledger, "delayed")
                            + number(ledger, "deferred");
            table.row(
                    status.path("name").asString(""),
                    count(ledger, "pending"),
                    Quantity.count(Math.max(0, number(ledger, "pending") - elsewhere)),
                    count(ledger, "leased"),
                    age(ledger),
                    count(status, "waiting"),
                    rate(status),
                    count(ledger, "deadLettered"),
                    state(status));
        }
        return table;
    }

    /// Everything about one.
    public Table one(JsonNode status) {
        Table table = new Table().column("FIELD", Align.LEFT).column("VALUE", Align.LEFT);
        for (Map.Entry<String, JsonNode> field : status.properties()) {
            if (field.getValue().isObject()) {
                field.getValue()
                        .properties()
                        .forEach(e -> table.row(field.getKey() + "." + e.getKey(), cell(e)));
            } else if (!field.getValue().isNull()) {
                table.row(field.getKey(), cell(field));
            }
        }
        return table;
    }

    private static String cell(Map.Entry<String, JsonNode> field) {
        JsonNode value = field.getValue();
        return value.isIntegralNumber() ? Quantity.count(value.asLong()) : value.asString("");
    }

    private static long number(JsonNode of, String field) {
        return of.path(field).asLong(0);
    }

    private static String count(JsonNode of, String field) {
        return Quantity.count(number(of, field));
    }

    private static String rate(JsonNode status) {
        return String.format(Locale.ROOT, "%,.1f/s", status.path("perSecond").asDouble(0));
    }

    private static String state(JsonNode status) {
        String state = status.path("state").asString("?").toLowerCase(Locale.ROOT);
        String reason = status.path("reason").asString("");
        return reason.isEmpty() ? state : state + ": " + reason;
    }

    /// How long the oldest one that is not settled has been waiting.
    private String age(JsonNode ledger) {
        try {
            Instant oldest = Instant.parse(ledger.path("oldestPending").asString(""));
            Duration age = Duration.between(oldest, now);
            return Quantity.duration(age.isNegative() ? Duration.ZERO : age);
        } catch (DateTimeException _) {
            return "-";
        }
    }
}
