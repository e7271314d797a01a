package io.millrace.gateway.kafka.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the server says of itself in Kafka's names; a tool cannot change any of it.
///
/// @param actual values that are not the defaults, by Kafka's names; asked for each time
public record ServerConfigs(Supplier<Map<String, String>> actual) {
    /// The server's number among the servers of its cluster, of which it is the only one.
    static final String NODE = "0";

    List<ConfigValue> all() {
        Map<String, String> values = actual.get();
        return Arrays.stream(KnownServerConfig.values())
                .map(each -> each.with(values.getOrDefault(each.key(), each.byDefault())))
                .toList();
    }
}
