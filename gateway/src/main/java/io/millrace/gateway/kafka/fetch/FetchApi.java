package io.millrace.gateway.kafka.fetch;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.log.Isolation;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Fetch: stored batches as they are, straight from the file.
public final class FetchApi {
    /// From here on topics are named by their ids.
    private static final int IDS_FROM = 13;

    /// Without a session.
    private static final int NO_SESSION = 0;

    // What the number of a request says that is not within a session.
    private static final int EPOCH_BEGIN = 0;
    private static final int EPOCH_END = -1;

    private static final byte READ_COMMITTED = 1;

    /// Records in one answer; Apache Kafka's own bound.
    private static final int BYTES_MAX = 55 << 20;

    /// Nobody waits longer, as nobody may be there any more.
    private static final long WAIT_MILLIS_MAX = 60_000;

    private final Topics topics;
    private final FetchSessions sessions;
    private final Executor waiting;

    /// @param waiting for what may wait
    public FetchApi(Topics topics, FetchSessions sessions, Executor waiting) {
        this.topics = topics;
        this.sessions = sessions;
        this.waiting = waiting;
    }

    /// Its requests.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(ApiKeys.FETCH, this::handle);
    }

    /// What is to be fetched.
    ///
    /// @param session `null` if there is none
    /// @param isFull whether the answer tells all partitions, also those without news
    private record Plan(
            List<FetchTarget> targets, @Nullable FetchSession session, boolean isFull) {}

    private void handle(KafkaRequest request, Answer answer) {
        FetchRequestData data = (FetchRequestData) request.message();
        Principal principal = request.peer().principal();
        boolean byIds = request.version() >= IDS_FROM;
        List<FetchTarget> wanted = wanted(data, byIds);
        Plan plan;
        if (data.sessionEpoch() == EPOCH_END || data.sessionEpoch() == EPOCH_BEGIN) {
            if (data.sessionId() != NO_SESSION) {
                sessions.remove(principal, data.sessionId());
            }
            plan =
                    data.sessionEpoch() == EPOCH_BEGIN
                            ? begun(principal, byIds, wanted)
                            : new Plan(wanted, null, true);
        } else {
            FetchSession session = sessions.find(principal, data.sessionId());
            Errors error =
                    session == null
                            ? Errors.FETCH_SESSION_ID_NOT_FOUND
                            : continued(session, data, byIds, wanted);
            if (session == null || error != Errors.NONE) {
                answer.send(new FetchResponseData().setErrorCode(error.code()));
                return;
            }
            plan = new Plan(session.targets(), session, false);
        }
        fetch(data, principal, plan, answer);
    }

    private static List<FetchTarget> wanted(FetchRequestData data, boolean byIds) {
        List<FetchTarget> wanted = new ArrayList<>();
        for (FetchTopic topic : data.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                PartitionKey key =
                        key(byIds, topic.topic(), topic.topicId(), partition.partition());
                wanted.add(FetchTarget.of(key, partition));
            }
        }
        return wanted;
    }

    private static PartitionKey key(boolean byIds, String topic, Uuid id, int partition) {
        return byIds
                ? new PartitionKey("", id, partition)
                : new PartitionKey(topic, Uuid.ZERO_UUID, partition);
    }

    private Plan begun(Principal principal, boolean byIds, List<FetchTarget> wanted) {
        FetchSession session =
                wanted.isEmpty() ? null : sessions.create(principal, byIds, wanted.size());
        if (session != null) {
            session.change(wanted, List.of());
        }
        return new Plan(wanted, session, true);
    }

    private Errors continued(
            FetchSession session, FetchRequestData data, boolean byIds, List<FetchTarget> wanted) {
        if (session.isByIds() != byIds) {
            return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
        }
        Errors error = session.advance(data.sessionEpoch());
        if (error != Errors.NONE) {
            return error;
        }
        if (!sessions.hasRoom(wanted.size())) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        List<PartitionKey> forgotten = new ArrayList<>();
        for (ForgottenTopic topic : data.forgottenTopicsData()) {
            for (int partition : topic.partitions()) {
                forgotten.add(key(byIds, topic.topic(), topic.topicId(), partition));
            }
        }
        session.change(wanted, forgotten);
        return Errors.NONE;
    }

    private void fetch(FetchRequestData data, Principal principal, Plan plan, Answer answer) {
        Isolation isolation =
                data.isolationLevel() == READ_COMMITTED
                        ? Isolation.READ_COMMITTED
                        : Isolation.READ_UNCOMMITTED;
        int bytesMax = Math.clamp(data.maxBytes(), 1, BYTES_MAX);
        FetchReader reader = new FetchReader(topics, principal, isolation, bytesMax);
        reader.add(plan.targets);
        PendingFetch pending =
                new PendingFetch(
                        reader,
                        Math.min(data.minBytes(), bytesMax),
                        waiting,
                        answer,
                        result -> answer.send(response(plan, result)));
        pending.start(Math.min(data.maxWaitMs(), WAIT_MILLIS_MAX));
    }

    private static FetchResponseData response(Plan plan, FetchReader.Result result) {
        FetchResponseData response = new FetchResponseData();
        Map<PartitionKey, PartitionData> partitions = result.partitions();
        if (plan.session != null) {
            response.setSessionId(plan.session.id());
            plan.session.reduce(partitions, plan.isFull);
        }
        Map<TopicKey, FetchableTopicResponse> byTopic = new LinkedHashMap<>();
        partitions.forEach((key, partition) ->
                byTopic.computeIfAbsent(new TopicKey(key.topic(), key.id()), TopicKey::response)
                        .partitions()
                        .add(partition));
        return response.setResponses(List.copyOf(byTopic.values()));
    }

    private record TopicKey(String topic, Uuid id) {
        FetchableTopicResponse response() {
            return new FetchableTopicResponse()
                    .setTopic(topic)
                    .setTopicId(id)
                    .setPartitions(new ArrayList<>());
        }
    }
}
