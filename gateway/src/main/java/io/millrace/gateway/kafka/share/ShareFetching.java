package io.millrace.gateway.kafka.share;

import io.millrace.broker.share.Share;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Answers ShareFetch: settles what comes with it, leases, and sends the batches in which that
/// lies. Thread-safe.
final class ShareFetching {
    private static final int RECORDS_MAX = 10_000;

    /// The `ShareAcquireMode` in which a client wants no more than its most (KIP-1206).
    private static final byte RECORD_LIMIT = 1;

    private static final int WAIT_MAX_MILLIS = 60_000;

    /// As many bytes as one answer holds at most, whatever the client bears.
    private static final int BYTES_MAX = 64 << 20;

    private final ShareGround ground;
    private final ShareOpening opening;
    private final ShareSessions sessions;

    /// Which topic is asked first; another one each time.
    private final AtomicInteger turn = new AtomicInteger();

    ShareFetching(ShareGround ground, ShareOpening opening, ShareSessions sessions) {
        this.ground = ground;
        this.opening = opening;
        this.sessions = sessions;
    }

    private static ShareFetchResponseData refusal(Errors error, @Nullable String message) {
        return new ShareFetchResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? error.message() : message);
    }

    void handle(KafkaRequest request, Answer answer) {
        ShareFetchRequestData data = (ShareFetchRequestData) request.message();
        SessionStep step =
                new SessionStep(
                        Objects.requireNonNullElse(data.groupId(), ""),
                        Objects.requireNonNullElse(data.memberId(), ""),
                        data.shareSessionEpoch(),
                        true,
                        request.peer());
        Map<SharedPartition, List<Acknowledged>> acknowledged = acknowledged(data);
        if (step.isFirst() && !acknowledged.isEmpty()) {
            answer.send(
                    refusal(
                            Errors.INVALID_REQUEST,
                            "the first request of a share session has nothing to acknowledge"));
            return;
        }
        long now = ground.serial().nowMillis();
        switch (step.take(sessions, now)) {
            case SessionStep.Refused(Errors error, String message) ->
                    answer.send(refusal(error, message));
            case SessionStep.Taken(ShareMember member) -> {
                Fetch fetch = new Fetch(request, data, answer, member, acknowledged);
                if (step.isLast()) {
                    fetch.close();
                } else {
                    fetch.begin();
                }
            }
        }
    }

    private static Map<SharedPartition, List<Acknowledged>> acknowledged(
            ShareFetchRequestData data) {
        Map<SharedPartition, List<Acknowledged>> all = new LinkedHashMap<>();
        for (FetchTopic topic : data.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                if (!partition.acknowledgementBatches().isEmpty()) {
                    all.put(
                            new SharedPartition(topic.topicId(), partition.partitionIndex()),
                            partition.acknowledgementBatches().stream()
                                    .map(batch ->
                                            new Acknowledged(
                                                    batch.firstOffset(),
                                                    batch.lastOffset(),
                                                    batch.acknowledgeTypes()))
                                    .toList());
                }
            }
        }
        return all;
    }

    /// One request under way.
    private final class Fetch {
        private final KafkaRequest request;
        private final ShareFetchRequestData data;
        private final Answer answer;
        private final ShareMember member;
        private final Map<SharedPartition, List<Acknowledged>> acknowledged;
        private final FetchAnswer response = new FetchAnswer();

        Fetch(
                KafkaRequest request,
                ShareFetchRequestData data,
                Answer answer,
                ShareMember member,
                Map<SharedPartition, List<Acknowledged>> acknowledged) {
            this.request = request;
            this.data = data;
            this.answer = answer;
            this.member = member;
            this.acknowledged = acknowledged;
        }

        /// The session is over: what is held goes back when the rest is settled.
        void close() {
            var _ =
                    settle().thenCompose(_ -> member.release())
                            .whenComplete((_, problem) -> finish(problem));
        }

        private CompletableFuture<?> settle() {
            return Settlements.settle(
                    member,
                    acknowledged,
                    data.isRenewAck(),
                    ground.serial().nowMillis(),
                    response::acknowledged);
        }

        void begin() {
            List<SharedPartition> added = new ArrayList<>();
            for (FetchTopic topic : data.topics()) {
                for (FetchPartition partition : topic.partitions()) {
                    added.add(new SharedPartition(topic.topicId(), partition.partitionIndex()));
                }
            }
            member.add(added);
            List<SharedPartition> forgotten = new ArrayList<>();
            data.forgottenTopicsData()
                    .forEach(topic ->
                            topic.partitions()
                                    .forEach(partition ->
                                            forgotten.add(
                                                    new SharedPartition(
                                                            topic.topicId(), partition))));
            member.forget(forgotten);
            CompletableFuture<?> settled = settle();
            if (data.isRenewAck() || data.maxRecords() <= 0 || data.maxBytes() <= 0) {
                var _ = settled.whenComplete((_, problem) -> finish(problem));
                return;
            }
            var closed = opening.closed(request.peer().principal(), member, member.partitions());
            if (closed.isEmpty()) {
                lease(settled);
                return;
            }
            ground.waiting()
                    .execute(() -> {
                        closed.forEach((id, topic) -> {
                            try {
                                member.share(
                                        id,
                                        opening.open(
                                                request.peer().principal(),
                                                member.key().group(),
                                                topic));
                            } catch (MillraceException e) {
                                response.failed(id, KafkaErrors.of(e.code()), e.getMessage());
                            }
                        });
                        lease(settled);
                    });
        }

        private void lease(CompletableFuture<?> settled) {
            List<FetchWait.Source> sources = sources();
            boolean isWaiting = !response.hasFailures();
            FetchWait wait =
                    new FetchWait(
                            sources,
                            new Share.Demand(
                                    Math.min(data.maxRecords(), RECORDS_MAX),
                                    Math.min(data.maxBytes(), BYTES_MAX),
                                    data.shareAcquireMode() != RECORD_LIMIT),
                            Duration.ofMillis(
                                    isWaiting
                                            ? Math.clamp(data.maxWaitMs(), 0, WAIT_MAX_MILLIS)
                                            : 0),
                            ground.serial());
            member.waiting(wait);
            var _ =
                    wait.begin()
                            .thenCombine(settled, (given, _) -> given)
                            .whenComplete((given, problem) -> {
                                if (isInOneRange(given)) {
                                    // It was read a moment ago, to be leased at all: finding where
                                    // it lies does not wait for the disk.
                                    answer.later(() -> give(given, problem));
                                } else {
                                    ground.waiting().execute(() -> give(given, problem));
                                }
                            });
        }

        private static boolean isInOneRange(@Nullable List<FetchWait.Given> given) {
            return given == null
                    || given.stream().allMatch(each -> each.leased().runs().size() == 1);
        }

        /// What there is to be had, another topic first each time.
        private List<FetchWait.Source> sources() {
            Map<Uuid, List<Integer>> byTopic = new LinkedHashMap<>();
            for (SharedPartition partition : member.partitions()) {
                byTopic.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                        .add(partition.partition());
            }
            List<FetchWait.Source> sources = new ArrayList<>();
            byTopic.forEach((topic, partitions) -> {
                Share share = member.share(topic);
                if (share != null) {
                    sources.add(new FetchWait.Source(topic, share, partitions));
                } else if (!response.hasFailed(topic)) {
                    response.failed(topic, Errors.UNKNOWN_TOPIC_ID, null);
                }
            });
            Collections.rotate(sources, turn.getAndIncrement());
            return sources;
        }

        /// May wait for the disk.
        private void give(@Nullable List<FetchWait.Given> given, @Nullable Throwable problem) {
            member.waiting(null);
            if (given == null || problem != null) {
                finish(problem);
                return;
            }
            for (FetchWait.Given each : given) {
                SharedPartition partition =
                        new SharedPartition(each.source().topic(), each.leased().partition());
                member.given(partition, each.leased());
                // Nobody is going to see it. Looked at only now: if the end of the connection comes
                // later, it finds what is held.
                if (!member.isOpen() || answer.isGone()) {
                    var _ = member.releaseUnseen(partition);
                    continue;
                }
                try {
                    response.given(
                            partition,
                            each.leased().runs(),
                            each.source()
                                    .share()
                                    .batches(partition.partition(), each.leased().runs()));
                } catch (MillraceException e) {
                    var _ = member.releaseUnseen(partition);
                    response.failed(partition, KafkaErrors.of(e.code()), e.getMessage());
                }
            }
            finish(null);
        }

        private void finish(@Nullable Throwable problem) {
            if (problem != null) {
                Errors error = Settlements.error(problem);
                answer.send(refusal(error, problem.getMessage()));
                return;
            }
            Duration lease = null;
            for (SharedPartition partition : member.partitions()) {
                Share share = member.share(partition.topic());
                if (share != null && (lease == null || share.lease().compareTo(lease) < 0)) {
                    lease = share.lease();
                }
            }
            answer.send(response.build(lease, member.partitions()));
        }
    }
}
