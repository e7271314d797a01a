package io.millrace.gateway.kafka.share;

import static java.util.Objects.requireNonNull;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.Peer;
import io.millrace.gateway.kafka.wire.StoredRecords;
import io.millrace.log.LogRegion;
import io.millrace.security.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/// A share consumer of one topic, request by request.
final class ShareClient {
    static final byte BATCHES = 0;
    static final byte RECORDS = 1;

    /// Whether whole batches may be acquired, or no more records than are wanted.
    byte acquireMode = RECORDS;

    private static final long PATIENCE_SECONDS = 30;

    private final Supplier<ShareApi> api;
    private final String group;
    private final String member;
    private final Topics.Topic topic;
    private final Uuid id;
    int epoch;
    long connection = 1;
    Principal principal = Principal.LOCAL;

    /// What it was given.
    ///
    /// @param id of the CloudEvent
    record Given(int partition, long offset, int deliveries, String id) {}

    /// What it says of one offset.
    record Said(int partition, long offset, int type) {}

    ShareClient(Supplier<ShareApi> api, String group, String member, Topics.Topic topic) {
        this.api = api;
        this.group = group;
        this.member = member;
        this.topic = topic;
        this.id = ShareOpening.id(topic.id());
    }

    private static final class Awaited implements Answer {
        final CompletableFuture<ApiMessage> sent = new CompletableFuture<>();
        volatile boolean isGone;
        volatile Runnable whenLookedAt = () -> {};

        @Override
        public Future<?> later(Runnable action, long millis) {
            throw new RejectedExecutionException("nothing here waits");
        }

        @Override
        public void send(ApiMessage response) {
            if (!sent.complete(response)) {
                throw new IllegalStateException("answered twice");
            }
        }

        @Override
        public void none() {
            throw new IllegalStateException("nobody asked for no answer");
        }

        @Override
        public void close(String reason) {
            sent.completeExceptionally(new IllegalStateException(reason));
        }

        @Override
        public boolean isGone() {
            whenLookedAt.run();
            return isGone;
        }
    }

    /// Sends any request, and gives the answer when it comes.
    CompletableFuture<ApiMessage> send(ApiKeys key, ApiMessage message) {
        Awaited answer = new Awaited();
        handle(key, message, answer);
        return answer.sent.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void handle(ApiKeys key, ApiMessage message, Answer answer) {
        KafkaRequest request =
                new KafkaRequest(
                        key,
                        key.latestVersion(),
                        "client-" + member,
                        message,
                        new Peer(connection, "/127.0.0.1", principal));
        requireNonNull(api.get().handlers().get(key)).handle(request, answer);
    }

    /// Sends a fetch whose connection breaks before the answer.
    Runnable fetchAndVanish(int max, int waitMillis) {
        Awaited answer = new Awaited();
        handle(ApiKeys.SHARE_FETCH, request(max, waitMillis, List.of()), answer);
        epoch++;
        return () -> answer.isGone = true;
    }

    /// Sends a fetch whose connection breaks right after somebody has looked whether it is there.
    void fetchAndVanishUnnoticed(int max, int waitMillis, Runnable vanish) {
        Awaited answer = new Awaited();
        answer.whenLookedAt = vanish;
        handle(ApiKeys.SHARE_FETCH, request(max, waitMillis, List.of()), answer);
        answer.sent.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    ShareFetchRequestData request(int max, int waitMillis, List<Said> said) {
        ShareFetchRequestData data =
                new ShareFetchRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setShareSessionEpoch(epoch)
                        .setMaxWaitMs(waitMillis)
                        .setMinBytes(1)
                        .setMaxBytes(1 << 20)
                        .setMaxRecords(max)
                        .setBatchSize(max)
                        .setShareAcquireMode(acquireMode)
                        .setIsRenewAck(said.stream().anyMatch(each -> each.type == 4));
        ShareFetchRequestData.FetchTopic asked =
                new ShareFetchRequestData.FetchTopic().setTopicId(id);
        if (epoch == 0) {
            for (int i = 0; i < topic.partitions(); i++) {
                asked.partitions()
                        .add(new ShareFetchRequestData.FetchPartition().setPartitionIndex(i));
            }
        }
        byPartition(said)
                .forEach((partition, offsets) -> {
                    ShareFetchRequestData.FetchPartition of =
                            new ShareFetchRequestData.FetchPartition().setPartitionIndex(partition);
                    offsets.forEach((offset, type) ->
                            of.acknowledgementBatches()
                                    .add(
                                            new ShareFetchRequestData.AcknowledgementBatch()
                                                    .setFirstOffset(offset)
                                                    .setLastOffset(offset)
                                                    .setAcknowledgeTypes(
                                                            List.of((byte) (int) type))));
                    asked.partitions().add(of);
                });
        if (!asked.partitions().isEmpty()) {
            data.topics().add(asked);
        }
        return data;
    }

    private static Map<Integer, TreeMap<Long, Integer>> byPartition(List<Said> said) {
        Map<Integer, TreeMap<Long, Integer>> all = new TreeMap<>();
        said.forEach(each ->
                all.computeIfAbsent(each.partition, _ -> new TreeMap<>())
                        .put(each.offset, each.type));
        return all;
    }

    CompletableFuture<ShareFetchResponseData> fetching(int max, int waitMillis, Said... said) {
        CompletableFuture<ApiMessage> answer =
                send(ApiKeys.SHARE_FETCH, request(max, waitMillis, List.of(said)));
        epoch++;
        return answer.thenApply(ShareFetchResponseData.class::cast);
    }

    /// Fetches and requires that nothing is wrong.
    List<Given> fetch(int max, int waitMillis, Said... said) {
        return given(fetching(max, waitMillis, said).join());
    }

    static List<Given> given(ShareFetchResponseData response) {
        require(response.errorCode(), response.errorMessage());
        List<Given> given = new ArrayList<>();
        response.responses()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(partition -> {
                                    require(partition.errorCode(), partition.errorMessage());
                                    require(
                                            partition.acknowledgeErrorCode(),
                                            partition.acknowledgeErrorMessage());
                                    read(partition, given);
                                }));
        return given;
    }

    private static void require(short code, @org.jspecify.annotations.Nullable String message) {
        if (code != Errors.NONE.code()) {
            throw new AssertionError(Errors.forCode(code) + ": " + message);
        }
    }

    private static ByteBuffer bytes(StoredRecords records) {
        LogRegion region = records.region();
        if (region == null) {
            return ByteBuffer.wrap(records.bytes());
        }
        ByteBuffer bytes = ByteBuffer.allocate(region.size());
        try (region) {
            region.read(bytes, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.flip();
    }

    private static void read(ShareFetchResponseData.PartitionData partition, List<Given> given) {
        Map<Long, String> ids = new TreeMap<>();
        long before = -1;
        ByteBuffer bytes = bytes((StoredRecords) partition.records());
        for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            if (batch.baseOffset() <= before) {
                throw new AssertionError("a batch comes twice, or out of order");
            }
            before = batch.lastOffset();
            batch.ensureValid();
            boolean[] isWanted = new boolean[1];
            batch.forEach(record -> {
                for (Header header : record.headers()) {
                    if (header.key().equals("ce_id")) {
                        ids.put(
                                record.offset(),
                                new String(header.value(), StandardCharsets.UTF_8));
                    }
                }
                isWanted[0] |=
                        partition.acquiredRecords().stream()
                                .anyMatch(run ->
                                        run.firstOffset() <= record.offset()
                                                && record.offset() <= run.lastOffset());
            });
            if (!isWanted[0]) {
                throw new AssertionError("a batch comes that has nothing for the consumer");
            }
        }
        for (var run : partition.acquiredRecords()) {
            for (long offset = run.firstOffset(); offset <= run.lastOffset(); offset++) {
                String id = ids.get(offset);
                if (id == null) {
                    throw new AssertionError("no record for the acquired offset " + offset);
                }
                given.add(new Given(partition.partitionIndex(), offset, run.deliveryCount(), id));
            }
        }
    }

    static Said[] say(List<Given> given, int type) {
        return given.stream()
                .map(each -> new Said(each.partition, each.offset, type))
                .toArray(Said[]::new);
    }

    CompletableFuture<ShareAcknowledgeResponseData> acknowledging(int atEpoch, Said... said) {
        ShareAcknowledgeRequestData data =
                new ShareAcknowledgeRequestData()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setShareSessionEpoch(atEpoch)
                        .setIsRenewAck(List.of(said).stream().anyMatch(each -> each.type == 4));
        ShareAcknowledgeRequestData.AcknowledgeTopic of =
                new ShareAcknowledgeRequestData.AcknowledgeTopic().setTopicId(id);
        byPartition(List.of(said))
                .forEach((partition, offsets) -> {
                    var part =
                            new ShareAcknowledgeRequestData.AcknowledgePartition()
                                    .setPartitionIndex(partition);
                    offsets.forEach((offset, type) ->
                            part.acknowledgementBatches()
                                    .add(
                                            new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                                    .setFirstOffset(offset)
                                                    .setLastOffset(offset)
                                                    .setAcknowledgeTypes(
                                                            List.of((byte) (int) type))));
                    of.partitions().add(part);
                });
        if (!of.partitions().isEmpty()) {
            data.topics().add(of);
        }
        return send(ApiKeys.SHARE_ACKNOWLEDGE, data)
                .thenApply(ShareAcknowledgeResponseData.class::cast);
    }

    /// Settles in the session.
    ///
    /// @return the first error, NONE if there is none
    Errors acknowledge(Said... said) {
        return first(acknowledging(epoch++, said).join());
    }

    static Errors first(ShareAcknowledgeResponseData response) {
        if (response.errorCode() != 0) {
            return Errors.forCode(response.errorCode());
        }
        return response.responses().stream()
                .flatMap(each -> each.partitions().stream())
                .map(each -> Errors.forCode(each.errorCode()))
                .filter(each -> each != Errors.NONE)
                .findFirst()
                .orElse(Errors.NONE);
    }

    /// Ends the session.
    Errors close(Said... said) {
        Errors outcome = first(acknowledging(-1, said).join());
        epoch = 0;
        return outcome;
    }
}
