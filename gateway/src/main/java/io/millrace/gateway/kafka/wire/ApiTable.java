package io.millrace.gateway.kafka.wire;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// The requests that are understood, each in a range of versions. Immutable.
public final class ApiTable {
    /// Librdkafka compresses only for a server that seems to know the first version (KAFKA-18659);
    /// Apache Kafka advertises it for that reason too, and does not take it either.
    private static final short PRODUCE_ADVERTISED_MIN = 0;

    /// Version 0 is followed by tokens without frames of their own.
    private static final short SASL_HANDSHAKE_MIN = 1;

    private final Map<ApiKeys, Range> ranges = new EnumMap<>(ApiKeys.class);

    private record Range(short min, short max) {
        boolean holds(short version) {
            return version >= min && version <= max;
        }
    }

    /// @param apis those that are answered
    /// @param newest for some of them, the newest version if it is not the newest that there is
    public ApiTable(Set<ApiKeys> apis, Map<ApiKeys, Short> newest) {
        for (ApiKeys api : apis) {
            short max = api.messageType.highestSupportedVersion(false);
            short min = api.messageType.lowestSupportedVersion();
            if (api == ApiKeys.SASL_HANDSHAKE) {
                min = SASL_HANDSHAKE_MIN;
            }
            ranges.put(api, new Range(min, newest.getOrDefault(api, max)));
        }
    }

    /// The API with a number, if it is answered.
    @Nullable ApiKeys find(short key) {
        if (!ApiKeys.hasId(key)) {
            return null;
        }
        ApiKeys api = ApiKeys.forId(key);
        return ranges.containsKey(api) ? api : null;
    }

    boolean knows(ApiKeys api, short version) {
        Range range = ranges.get(api);
        return range != null && range.holds(version);
    }

    /// As it is told to clients.
    public ApiVersionCollection advertised() {
        ApiVersionCollection all = new ApiVersionCollection(ranges.size());
        ranges.forEach((api, range) ->
                all.add(
                        new ApiVersion()
                                .setApiKey(api.id)
                                .setMinVersion(
                                        api == ApiKeys.PRODUCE ? PRODUCE_ADVERTISED_MIN : range.min)
                                .setMaxVersion(range.max)));
        return all;
    }
}
