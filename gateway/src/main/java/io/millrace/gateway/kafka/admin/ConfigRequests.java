package io.millrace.gateway.kafka.admin;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests that show and change configurations.
final class ConfigRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigRequests.class);

    /// Operations as the protocol numbers them.
    private static final byte SET = 0;

    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    /// Before, only what clients are asked to measure was listed, which is nothing.
    private static final short LISTS_TYPES = 1;

    private final Configurations configurations;
    private final ChangeQueue changes;

    ConfigRequests(Configurations configurations, ChangeQueue changes) {
        this.configurations = configurations;
        this.changes = changes;
    }

    void describe(KafkaRequest request, Answer answer) {
        DescribeConfigsRequestData data = (DescribeConfigsRequestData) request.message();
        Thread.ofVirtual()
                .name("kafka-configs")
                .start(() -> {
                    DescribeConfigsResponseData response = new DescribeConfigsResponseData();
                    for (DescribeConfigsResource each : data.resources()) {
                        response.results().add(described(request.peer().principal(), data, each));
                    }
                    answer.send(response);
                });
    }

    private DescribeConfigsResult described(
            Principal principal, DescribeConfigsRequestData data, DescribeConfigsResource asked) {
        DescribeConfigsResult result =
                new DescribeConfigsResult()
                        .setResourceType(asked.resourceType())
                        .setResourceName(asked.resourceName());
        List<String> keys = asked.configurationKeys();
        AdminProblem problem =
                AdminProblem.of(
                        LOG,
                        () -> {
                            for (ConfigValue each :
                                    configurations.of(
                                            principal,
                                            asked.resourceType(),
                                            asked.resourceName())) {
                                if (keys == null || keys.isEmpty() || keys.contains(each.name())) {
                                    result.configs()
                                            .add(
                                                    each.described(
                                                            data.includeSynonyms(),
                                                            data.includeDocumentation()));
                                }
                            }
                        });
        return result.setErrorCode(problem.error().code()).setErrorMessage(problem.message());
    }

    /// What is not named goes back to its default.
    void replace(KafkaRequest request, Answer answer) {
        AlterConfigsRequestData data = (AlterConfigsRequestData) request.message();
        Principal principal = request.peer().principal();
        changes.add(() -> {
            AlterConfigsResponseData response = new AlterConfigsResponseData();
            for (AlterConfigsRequestData.AlterConfigsResource each : data.resources()) {
                AdminProblem problem =
                        AdminProblem.of(LOG, () -> replace(principal, each, data.validateOnly()));
                response.responses()
                        .add(
                                new AlterConfigsResponseData.AlterConfigsResourceResponse()
                                        .setResourceType(each.resourceType())
                                        .setResourceName(each.resourceName())
                                        .setErrorCode(problem.error().code())
                                        .setErrorMessage(problem.message()));
            }
            answer.send(response);
        });
    }

    private void replace(
            Principal principal,
            AlterConfigsRequestData.AlterConfigsResource asked,
            boolean validateOnly) {
        Map<String, @Nullable String> next = new TreeMap<>();
        configurations
                .set(principal, asked.resourceType(), asked.resourceName())
                .keySet()
                .forEach(name -> next.put(name, null));
        for (AlterConfigsRequestData.AlterableConfig config : asked.configs()) {
            next.put(config.name(), required(config.name(), config.value()));
        }
        configurations.change(
                principal, asked.resourceType(), asked.resourceName(), next, validateOnly);
    }

    void alter(KafkaRequest request, Answer answer) {
        IncrementalAlterConfigsRequestData data =
                (IncrementalAlterConfigsRequestData) request.message();
        Principal principal = request.peer().principal();
        changes.add(() -> {
            IncrementalAlterConfigsResponseData response =
                    new IncrementalAlterConfigsResponseData();
            for (AlterConfigsResource each : data.resources()) {
                AdminProblem problem =
                        AdminProblem.of(LOG, () -> alter(principal, each, data.validateOnly()));
                response.responses()
                        .add(
                                new AlterConfigsResourceResponse()
                                        .setResourceType(each.resourceType())
                                        .setResourceName(each.resourceName())
                                        .setErrorCode(problem.error().code())
                                        .setErrorMessage(problem.message()));
            }
            answer.send(response);
        });
    }

    private void alter(Principal principal, AlterConfigsResource asked, boolean validateOnly) {
        Map<String, @Nullable String> next = new TreeMap<>();
        for (AlterableConfig config : asked.configs()) {
            if (next.containsKey(config.name())) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID, config.name(), "is changed twice");
            }
            next.put(config.name(), altered(principal, asked, config));
        }
        configurations.change(
                principal, asked.resourceType(), asked.resourceName(), next, validateOnly);
    }

    private @Nullable String altered(
            Principal principal, AlterConfigsResource asked, AlterableConfig config) {
        return switch (config.configOperation()) {
            case SET -> required(config.name(), config.value());
            case DELETE -> null;
            case APPEND, SUBTRACT -> {
                String list =
                        configurations.list(
                                principal,
                                asked.resourceType(),
                                asked.resourceName(),
                                config.name());
                if (list == null) {
                    throw new MillraceException(
                            ErrorCode.RESOURCE_INVALID,
                            config.name(),
                            "is no list that something can be added to or taken from");
                }
                yield combined(
                        list,
                        required(config.name(), config.value()),
                        config.configOperation() == APPEND);
            }
            default ->
                    throw new MillraceException(
                            ErrorCode.REQUEST_INVALID,
                            config.name(),
                            "there is no operation %d".formatted(config.configOperation()));
        };
    }

    private static String combined(String list, String words, boolean isAdded) {
        Set<String> all = new LinkedHashSet<>(words(list));
        if (isAdded) {
            all.addAll(words(words));
        } else {
            all.removeAll(words(words));
        }
        return String.join(",", all);
    }

    private static List<String> words(String list) {
        List<String> words = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.strip());
            }
        }
        return words;
    }

    private static String required(String name, @Nullable String value) {
        if (value == null) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID, name, "has no value; delete it for the default");
        }
        return value;
    }

    void list(KafkaRequest request, Answer answer) {
        ListConfigResourcesRequestData data = (ListConfigResourcesRequestData) request.message();
        List<ConfigResource.Type> types = new ArrayList<>();
        if (request.version() >= LISTS_TYPES) {
            data.resourceTypes().forEach(type -> types.add(ConfigResource.Type.forId(type)));
            if (types.isEmpty()) {
                types.addAll(List.of(ConfigResource.Type.values()));
            }
        }
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        for (ConfigResource.Type type : types) {
            for (String name : configurations.names(request.peer().principal(), type)) {
                response.configResources()
                        .add(
                                new ListConfigResourcesResponseData.ConfigResource()
                                        .setResourceType(type.id())
                                        .setResourceName(name));
            }
        }
        answer.send(response);
    }
}
