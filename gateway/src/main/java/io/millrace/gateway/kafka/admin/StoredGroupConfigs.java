package io.millrace.gateway.kafka.admin;

import io.millrace.broker.DurableTable;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Configurations of groups, kept in a table.
final class StoredGroupConfigs implements GroupConfigs {
    private static final String PREFIX = "group-config/";
    private static final int GROUP_CHARS_MAX = 8192;
    private static final int GROUPS_MAX = 100_000;

    private final DurableTable table;
    private final Map<String, Map<String, String>> configs = new ConcurrentHashMap<>();

    StoredGroupConfigs(DurableTable table) {
        this.table = table;
    }

    /// Takes up what is on disk. Waits.
    void start() {
        table.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                configs.put(key.substring(PREFIX.length()), decode(key, value));
            }
        });
    }

    @Override
    public String value(String group, GroupConfig config) {
        return set(group).getOrDefault(config.key(), config.byDefault());
    }

    /// What was set for a group.
    Map<String, String> set(String group) {
        return configs.getOrDefault(group, Map.of());
    }

    /// Groups for which something was set.
    List<String> groups() {
        return configs.keySet().stream().sorted().toList();
    }

    /// Changes what is set. One at a time; waits for the disk.
    ///
    /// @param changes `null` goes back to the default
    void configure(String group, Map<String, @Nullable String> changes, boolean validateOnly) {
        TreeMap<String, String> next = new TreeMap<>(set(group));
        changes.forEach((key, value) -> {
            GroupConfig config = GroupConfig.of(key);
            if (config == null) {
                throw wrong(key, "is no configuration of a group that this server knows");
            }
            if (value == null) {
                next.remove(key);
                return;
            }
            String problem = config.problem(value);
            if (problem != null) {
                throw wrong(key, problem);
            }
            next.put(key, value);
        });
        requireLonger(
                next,
                GroupConfig.CONSUMER_SESSION_TIMEOUT,
                GroupConfig.CONSUMER_HEARTBEAT_INTERVAL);
        requireLonger(
                next, GroupConfig.SHARE_SESSION_TIMEOUT, GroupConfig.SHARE_HEARTBEAT_INTERVAL);
        if (group.isEmpty() || group.length() > GROUP_CHARS_MAX) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "the name of a group has 1 to %d characters".formatted(GROUP_CHARS_MAX));
        }
        if (!configs.containsKey(group) && configs.size() >= GROUPS_MAX) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "there are configurations of %d groups already".formatted(GROUPS_MAX));
        }
        if (validateOnly) {
            return;
        }
        Bytes value = next.isEmpty() ? null : encode(next);
        table.write(List.of(new DurableTable.Change(PREFIX + group, value))).join();
        if (next.isEmpty()) {
            configs.remove(group);
        } else {
            configs.put(group, Map.copyOf(next));
        }
    }

    /// A session that is not longer than the time between heartbeats would always be over.
    private static void requireLonger(
            Map<String, String> values, GroupConfig session, GroupConfig heartbeat) {
        int sessionMillis = number(values, session);
        int heartbeatMillis = number(values, heartbeat);
        if (sessionMillis <= heartbeatMillis) {
            throw wrong(
                    session.key(),
                    "must be more than %s, but is %d and that is %d"
                            .formatted(heartbeat.key(), sessionMillis, heartbeatMillis));
        }
    }

    private static int number(Map<String, String> values, GroupConfig config) {
        return Integer.parseInt(values.getOrDefault(config.key(), config.byDefault()));
    }

    private static MillraceException wrong(String key, String problem) {
        return new MillraceException(ErrorCode.RESOURCE_INVALID, key, problem);
    }

    private static Bytes encode(Map<String, String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(values.size());
            for (Map.Entry<String, String> each : values.entrySet()) {
                out.writeUTF(each.getKey());
                out.writeUTF(each.getValue());
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.INTERNAL, "the configuration cannot be written as bytes", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static Map<String, String> decode(String key, Bytes stored) {
        TreeMap<String, String> values = new TreeMap<>();
        ByteArrayInputStream bytes =
                new ByteArrayInputStream(
                        stored.backingArray(), stored.backingStart(), stored.length());
        try (DataInputStream in = new DataInputStream(bytes)) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                values.put(in.readUTF(), in.readUTF());
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_CORRUPT,
                    "what is stored as %s cannot be read".formatted(key),
                    e);
        }
        return Map.copyOf(values);
    }
}
