package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.Source;
import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Configurations of topics with all that there is to know about them. Immutable.
final class TopicConfigs {
    private final Map<String, KnownTopicConfig> known =
            Arrays.stream(KnownTopicConfig.values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    KnownTopicConfig::key, Function.identity()));

    /// @param values all that hold for a topic, by name
    List<ConfigValue> of(Map<String, String> values) {
        return new TreeMap<>(values)
                .entrySet().stream().map(each -> value(each.getKey(), each.getValue())).toList();
    }

    private ConfigValue value(String name, String value) {
        KnownTopicConfig it = known.get(name);
        return it == null
                ? new ConfigValue(name, value, "", ValueType.STRING, Source.TOPIC, false, "")
                : it.with(value);
    }

    boolean isList(String name) {
        KnownTopicConfig it = known.get(name);
        return it != null && it.isList();
    }

    boolean isDefault(String name, String value) {
        KnownTopicConfig it = known.get(name);
        return it != null && it.byDefault().equals(value);
    }
}
