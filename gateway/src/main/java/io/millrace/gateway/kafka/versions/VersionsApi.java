package io.millrace.gateway.kafka.versions;

import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.ApiTable;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKeyCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;

/// ApiVersions: the requests that are answered, and the features that clients look for before they
/// use a protocol (KIP-584).
public final class VersionsApi {
    /// Features do not change while the server runs.
    private static final long FEATURES_EPOCH = 1;

    /// From here on the features are sent.
    private static final int FEATURES_FROM = 3;

    private final ApiTable apis;
    private final Map<String, Short> features;

    /// @param features the level of each, such as `group.version`
    public VersionsApi(ApiTable apis, Map<String, Short> features) {
        this.apis = apis;
        this.features = Map.copyOf(features);
    }

    /// Its requests.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(ApiKeys.API_VERSIONS, this::handle);
    }

    private void handle(KafkaRequest request, Answer answer) {
        ApiVersionsResponseData response =
                new ApiVersionsResponseData().setApiKeys(apis.advertised());
        if (request.version() >= FEATURES_FROM) {
            SupportedFeatureKeyCollection supported = new SupportedFeatureKeyCollection();
            FinalizedFeatureKeyCollection now = new FinalizedFeatureKeyCollection();
            features.forEach((name, level) -> {
                // From version 4 on a lowest level of 0 may be told, before it may not.
                supported.add(
                        new SupportedFeatureKey()
                                .setName(name)
                                .setMinVersion((short) 1)
                                .setMaxVersion(level));
                now.add(
                        new FinalizedFeatureKey()
                                .setName(name)
                                .setMinVersionLevel(level)
                                .setMaxVersionLevel(level));
            });
            response.setSupportedFeatures(supported)
                    .setFinalizedFeatures(now)
                    .setFinalizedFeaturesEpoch(FEATURES_EPOCH);
        }
        answer.send(response);
    }
}
