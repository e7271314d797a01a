package io.millrace.gateway.kafka.admin;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The configurations of everything that has some. Calls may wait.
final class Configurations {
    private final Topics topics;
    private final TopicConfigs known;
    private final StoredGroupConfigs groups;
    private final ServerConfigs server;

    Configurations(
            Topics topics, TopicConfigs known, StoredGroupConfigs groups, ServerConfigs server) {
        this.topics = topics;
        this.known = known;
        this.groups = groups;
        this.server = server;
    }

    /// @throws MillraceException STREAM_NOT_FOUND, REQUEST_INVALID
    List<ConfigValue> of(Principal principal, byte type, String name) {
        return switch (ConfigResource.Type.forId(type)) {
            case TOPIC -> {
                requireTopic(principal, name);
                yield known.of(topics.configs(principal, name));
            }
            // Without a name: what was set for all servers while they run, which is nothing.
            case BROKER -> name.isEmpty() ? List.of() : node(name);
            case GROUP -> {
                requireGroup(name);
                List<ConfigValue> all = new ArrayList<>();
                for (GroupConfig config : GroupConfig.values()) {
                    all.add(config.with(groups.value(name, config)));
                }
                yield all;
            }
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> throw unsupported(type);
        };
    }

    private List<ConfigValue> node(String name) {
        if (!name.equals(ServerConfigs.NODE)) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "there is no server %s: the only one is %s"
                            .formatted(name, ServerConfigs.NODE));
        }
        return server.all();
    }

    private void requireTopic(Principal principal, String name) {
        if (!TopicNames.isLegal(name)) {
            throw Errors.INVALID_TOPIC_EXCEPTION.exception("there can be no such topic");
        }
        if (topics.find(principal, name) == null) {
            throw new MillraceException(
                    ErrorCode.STREAM_NOT_FOUND, "there is no topic %s".formatted(name));
        }
    }

    private static void requireGroup(String name) {
        if (name.isEmpty()) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, "a group has a name");
        }
    }

    private static MillraceException unsupported(byte type) {
        return new MillraceException(
                ErrorCode.REQUEST_INVALID,
                "resources of type %d have no configuration here".formatted(type));
    }

    /// What was set by somebody, so that other values than these hold by default.
    Map<String, String> set(Principal principal, byte type, String name) {
        return switch (ConfigResource.Type.forId(type)) {
            case TOPIC -> {
                requireTopic(principal, name);
                TreeMap<String, String> set = new TreeMap<>(topics.configs(principal, name));
                set.entrySet().removeIf(each -> known.isDefault(each.getKey(), each.getValue()));
                yield set;
            }
            case GROUP -> groups.set(name);
            case BROKER -> throw readOnly();
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> throw unsupported(type);
        };
    }

    private static MillraceException readOnly() {
        return new MillraceException(
                ErrorCode.REQUEST_INVALID,
                "the server is configured by its configuration file, not while it runs");
    }

    /// The value of a list that something is to be added to or taken from; `null` if this is no
    /// list.
    @Nullable String list(Principal principal, byte type, String resource, String config) {
        boolean isList =
                ConfigResource.Type.forId(type) == ConfigResource.Type.TOPIC
                        && known.isList(config);
        return isList ? topics.configs(principal, resource).getOrDefault(config, "") : null;
    }

    /// @param changes `null` goes back to the default
    void change(
            Principal principal,
            byte type,
            String name,
            Map<String, @Nullable String> changes,
            boolean validateOnly) {
        switch (ConfigResource.Type.forId(type)) {
            case TOPIC -> {
                requireTopic(principal, name);
                topics.configure(principal, name, changes, validateOnly);
            }
            case GROUP -> groups.configure(name, changes, validateOnly);
            case BROKER -> throw readOnly();
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> throw unsupported(type);
        }
    }

    /// The names of what has configurations.
    List<String> names(Principal principal, ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> topics.all(principal).stream().map(Topics.Topic::name).toList();
            case GROUP -> groups.groups();
            case BROKER -> List.of(ServerConfigs.NODE);
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN -> List.of();
        };
    }
}
