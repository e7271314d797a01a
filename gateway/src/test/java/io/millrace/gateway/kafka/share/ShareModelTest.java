package io.millrace.gateway.kafka.share;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Queues;
import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.broker.Topics;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.gateway.kafka.share.ShareClient.Given;
import io.millrace.gateway.kafka.share.ShareClient.Said;
import io.millrace.group.Leased;
import io.millrace.group.Ledger;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Share consumers and workers of one queue at random, against a model that keeps one object for
/// each job: who has it, and how often it was given out.
@Timeout(300)
final class ShareModelTest {
    private static final int STEPS = 400;
    private static final int DELIVERIES_MAX = 4;
    private static final int WAIT = 5_000;

    private enum State {
        READY,
        HELD,
        DONE,
        DEAD
    }

    private static final class Job {
        State state = State.READY;
        int deliveries;
        String holder = "";
        @Nullable Leased token;
    }

    @TempDir Path data;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyJobIsGivenOutAsTheModelSays(long seed) throws Exception {
        System.out.println("ShareModelTest, seed " + seed);
        try (ShareBed bed = new ShareBed(data, ShareSettings.DEFAULTS)) {
            Run run = new Run(bed, new Random(seed));
            for (int i = 0; i < STEPS; i++) {
                run.step();
            }
            run.check();
        }
    }

    private static final class Run {
        private final ShareBed bed;
        private final Random random;
        private final Map<String, Job> jobs = new TreeMap<>();
        private final List<ShareClient> clients = new ArrayList<>();
        private int next;

        Run(ShareBed bed, Random random) {
            this.bed = bed;
            this.random = random;
            Topics.Topic topic =
                    bed.queue(
                            "jobs",
                            ",\"lease\":\"1d\",\"deliveriesMax\":%d".formatted(DELIVERIES_MAX));
            for (int i = 0; i < 3; i++) {
                ShareClient client = bed.client("g", "m" + i, topic);
                client.connection = i;
                clients.add(client);
            }
        }

        void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> enqueue();
                case 3, 4, 5 -> fetch(random.nextInt(clients.size()));
                case 6, 7, 8 -> acknowledge(random.nextInt(clients.size()));
                case 9 -> work();
                case 10 -> end(random.nextInt(clients.size()), random.nextBoolean());
                default -> {
                    if (random.nextInt(20) == 0) {
                        restart();
                    }
                }
            }
        }

        private void enqueue() {
            List<Event> batch = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                String id = "job" + next++;
                jobs.put(id, new Job());
                batch.add(
                        Event.builder()
                                .id(id)
                                .source("/test")
                                .type("t")
                                .data(Bytes.utf8(id))
                                .extension("priority", new IntegerValue(random.nextInt(10)))
                                .build());
            }
            bed.enqueue("jobs", batch.toArray(Event[]::new));
        }

        private Job job(String id) {
            return requireNonNull(jobs.get(id), id);
        }

        private long ready() {
            return jobs.values().stream().filter(job -> job.state == State.READY).count();
        }

        private static String name(int client) {
            return "m" + client;
        }

        private void fetch(int number) {
            long ready = ready();
            int max = random.nextInt(1, 12);
            // Something that has to come may be read from the disk first.
            List<Given> given = clients.get(number).fetch(max, ready > 0 ? WAIT : 1);
            assertThat(given.isEmpty()).isEqualTo(ready == 0);
            assertThat(given).hasSizeLessThanOrEqualTo(max);
            for (Given each : given) {
                Job job = job(each.id());
                assertThat(job.state).as(each.toString()).isEqualTo(State.READY);
                job.state = State.HELD;
                job.holder = name(number);
                job.token = null;
                job.deliveries++;
                assertThat(each.deliveries()).as(each.toString()).isEqualTo(job.deliveries);
                places.put(each.id(), each);
            }
        }

        private final Map<String, Given> places = new TreeMap<>();

        private List<String> heldBy(String holder) {
            return jobs.entrySet().stream()
                    .filter(each -> each.getValue().state == State.HELD)
                    .filter(each -> each.getValue().holder.equals(holder))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private void acknowledge(int number) {
            ShareClient client = clients.get(number);
            if (client.epoch == 0) {
                return;
            }
            List<Said> said = new ArrayList<>();
            for (String id : heldBy(name(number))) {
                Given place = places.get(id);
                if (place != null && random.nextBoolean()) {
                    int type = random.nextInt(1, 5);
                    said.add(new Said(place.partition(), place.offset(), type));
                    settle(job(id), type);
                }
            }
            assertThat(client.acknowledge(said.toArray(Said[]::new))).isEqualTo(Errors.NONE);
            if (!said.isEmpty() && random.nextInt(4) == 0) {
                wrongly(client, said.getFirst());
            }
        }

        /// What it says again counts for nothing, unless it was renewed.
        private static void wrongly(ShareClient client, Said said) {
            if (said.type() != 4) {
                assertThat(client.acknowledge(new Said(said.partition(), said.offset(), 1)))
                        .isEqualTo(Errors.INVALID_RECORD_STATE);
            }
        }

        private static void settle(Job job, int type) {
            switch (type) {
                case 1 -> job.state = State.DONE;
                case 2 -> giveBack(job);
                case 3 -> job.state = State.DEAD;
                default -> {
                    // Renewed: it stays where it is.
                }
            }
        }

        /// A worker over HTTP takes some, and settles what it took before.
        private void work() throws InterruptedException {
            Queues queues = bed.broker.queues();
            for (String id : heldBy("worker")) {
                Job job = job(id);
                Leased leased = job.token;
                if (leased != null) {
                    boolean isDone = random.nextBoolean();
                    SettleAction action =
                            isDone
                                    ? new SettleAction.Complete()
                                    : new SettleAction.Release(Duration.ZERO, false);
                    assertThat(
                                    queues.settle(
                                            Principal.LOCAL,
                                            "jobs",
                                            List.of(
                                                    new SettleRequest(
                                                            leased.token(), action, null))))
                            .extracting(SettleResult::outcome)
                            .containsExactly(SettleResult.Outcome.DONE);
                    job.state = isDone ? State.DONE : State.READY;
                    job.token = null;
                }
            }
            long ready = ready();
            List<Leased> taken =
                    queues.receive(
                            Principal.LOCAL,
                            "jobs",
                            new ReceiveRequest(
                                    4, ready > 0 ? Duration.ofSeconds(5) : Duration.ZERO, null));
            assertThat(taken.isEmpty()).isEqualTo(ready == 0);
            for (Leased leased : taken) {
                Job job = job(leased.event().event().id());
                assertThat(job.state).isEqualTo(State.READY);
                job.state = State.HELD;
                job.holder = "worker";
                job.token = leased;
                job.deliveries++;
                assertThat(leased.deliveries()).isEqualTo(job.deliveries);
            }
        }

        /// Says that it goes, or is gone without a word.
        private void end(int number, boolean saysSo) {
            ShareClient client = clients.get(number);
            if (client.epoch == 0) {
                return;
            }
            heldBy(name(number)).forEach(id -> giveBack(job(id)));
            if (saysSo) {
                assertThat(client.close()).isEqualTo(Errors.NONE);
            } else {
                bed.api.gone(client.connection);
                client.epoch = 0;
                Awaitility.await().until(this::isLedgerSo);
            }
        }

        private boolean isLedgerSo() {
            Ledger ledger = bed.ledger("jobs");
            return ledger.leased() == count(State.HELD)
                    && ledger.deadLettered() == count(State.DEAD);
        }

        private static void giveBack(Job job) {
            job.state = job.deliveries >= DELIVERIES_MAX ? State.DEAD : State.READY;
        }

        /// Leases go on; who held them has lost its session with what it knew, and is told so.
        private void restart() throws IOException {
            bed.reopen();
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).epoch = 0;
                for (String id : heldBy(name(i))) {
                    job(id).holder = "nobody";
                }
            }
            check();
        }

        void check() {
            Ledger ledger = bed.ledger("jobs");
            assertThat(ledger.isBalanced()).isTrue();
            assertThat(ledger.settled()).isEqualTo(count(State.DONE));
            assertThat(ledger.deadLettered()).isEqualTo(count(State.DEAD));
            assertThat(ledger.leased()).isEqualTo(count(State.HELD));
            assertThat(ledger.pending()).isEqualTo(count(State.HELD) + count(State.READY));
        }

        private long count(State state) {
            return jobs.values().stream().filter(job -> job.state == state).count();
        }
    }
}
