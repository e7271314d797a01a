package io.millrace.gateway.http.status;

import io.millrace.broker.GroupStatus;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.group.Ledger;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The ledgers of subscriptions and queues in the Prometheus text format. A server may have so many
/// that a scrape would be megabytes, so that only the first [#GROUPS_MAX] of each kind by name are
/// in it; `GET /api/v1/ledger` has all.
final class LedgerMetrics {
    static final int GROUPS_MAX = 1_000;

    private LedgerMetrics() {}

    static String text(BrokerDoor broker) {
        List<GroupStatus> groups = new ArrayList<>();
        groups.addAll(first(broker.subscriptions().status(Principal.LOCAL)));
        groups.addAll(first(broker.queues().status(Principal.LOCAL)));
        if (groups.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        events(text, groups);
        gauge(
                text,
                "millrace_group_unread",
                "What the partitions of a subscription hold that it has not taken up yet",
                groups,
                status -> status.ledger().unread());
        gauge(
                text,
                "millrace_group_oldest_pending_timestamp_seconds",
                "When the oldest pending or unread event was recorded, 0 if there is none",
                groups,
                status -> status.ledger().oldestPendingMillis() / 1000.0);
        gauge(
                text,
                "millrace_group_active",
                "1 if the group gives events out, 0 if it is paused, disabled or pending",
                groups,
                status -> status.state() == GroupStatus.State.ACTIVE ? 1 : 0);
        gauge(
                text,
                "millrace_group_waiting",
                "Consumers that wait for events",
                groups,
                GroupStatus::waiting);
        return text.toString();
    }

    private static List<GroupStatus> first(List<GroupStatus> all) {
        return all.subList(0, Math.min(GROUPS_MAX, all.size()));
    }

    private static void events(StringBuilder text, List<GroupStatus> groups) {
        head(
                text,
                "millrace_group_events",
                "What became of a group's events; the states but leased, delayed and deferred, which"
                        + " are parts of pending, sum up to all");
        for (GroupStatus group : groups) {
            Ledger ledger = group.ledger();
            event(text, group, "settled", ledger.settled());
            event(text, group, "filtered", ledger.filtered());
            event(text, group, "expired", ledger.expired());
            event(text, group, "dead_lettered", ledger.deadLettered());
            event(text, group, "pending", ledger.pending());
            event(text, group, "leased", ledger.leased());
            event(text, group, "delayed", ledger.delayed());
            event(text, group, "deferred", ledger.deferred());
        }
    }

    private static void event(StringBuilder text, GroupStatus group, String state, long count) {
        text.append("millrace_group_events{");
        labels(text, group).append(",state=\"").append(state).append("\"} ").append(count);
        text.append('\n');
    }

    private static void gauge(
            StringBuilder text,
            String name,
            String help,
            List<GroupStatus> groups,
            ToDoubleFunction<GroupStatus> value) {
        head(text, name, help);
        for (GroupStatus group : groups) {
            text.append(name).append('{');
            labels(text, group).append("} ").append(value.applyAsDouble(group)).append('\n');
        }
    }

    /// Names need no escapes: they have letters, digits and hyphens only.
    private static StringBuilder labels(StringBuilder text, GroupStatus group) {
        return text.append("kind=\"")
                .append(group.kind().toLowerCase(Locale.ROOT))
                .append("\",name=\"")
                .append(group.name())
                .append('"');
    }

    private static void head(StringBuilder text, String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
    }
}
