package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.log.Marks;
import io.millrace.log.Retain;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random lives of sessions: one seed drives clients, the log, what is answered late or not at all,
/// and crashes. [LifeRecord] says what has to come of it. `-Dmqtt.life.from=` and
/// `-Dmqtt.life.seeds=` choose the seeds.
final class SessionLifeTest {
    private static final int STEPS = 400;
    private static final int TRACE_MAX = 400;

    @Test
    void randomLives() {
        long from = Long.getLong("mqtt.life.from", 0);
        long seeds = Long.getLong("mqtt.life.seeds", 2_000);
        for (long seed = from; seed < from + seeds; seed++) {
            new Life(seed).run();
        }
    }

    private static MqttLimits limits(int inflightMax) {
        return new MqttLimits(
                100,
                1 << 20,
                inflightMax,
                100,
                10,
                0,
                Duration.ofDays(1),
                100,
                Duration.ZERO,
                Duration.ofSeconds(10),
                1 << 16);
    }

    private static final class Life {
        private final long seed;
        private final Random random;
        private final ArrayDeque<String> trace = new ArrayDeque<>();
        private final LifeLog log = new LifeLog();
        private final List<LifeClient> clients;
        private final Map<String, Integer> recorded = new HashMap<>();
        private final int crashes;
        private LifeServer server;
        private int servers;
        private int external;

        Life(long seed) {
            this.seed = seed;
            this.random = new Random(seed * 0x9E3779B97F4A7C15L);
            MqttLimits limits = limits(1 + random.nextInt(5));
            this.clients =
                    List.of(
                            new LifeClient("c1", random, log, limits, this::say),
                            new LifeClient("c2", random, log, limits, this::say));
            this.crashes = random.nextBoolean() ? 0 : 150;
            this.server = start(new LifeTable(Map.of()));
        }

        private LifeServer start(LifeTable table) {
            servers++;
            return new LifeServer(random, log, table, "p" + servers, this::appended);
        }

        private void say(String what) {
            trace.add(what);
            if (trace.size() > TRACE_MAX) {
                trace.remove();
            }
        }

        private void appended(StoredEvent event) {
            say(
                    "recorded %s in %s at %d, qos %d"
                            .formatted(
                                    event.event().id(),
                                    LifeLog.topic(event),
                                    event.offset(),
                                    event.marks().qos()));
            recorded.merge(event.event().id(), 1, Integer::sum);
            clients.forEach(each -> each.record.appended(event));
        }

        void run() {
            try {
                for (int i = 0; i < STEPS; i++) {
                    step();
                }
                quiet();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "-Dmqtt.life.from=%d -Dmqtt.life.seeds=1%n%s%n%s"
                                .formatted(seed, String.join("\n", trace), e),
                        e);
            }
        }

        private void step() {
            int choice = random.nextInt(100);
            LifeClient client = clients.get(random.nextInt(clients.size()));
            if (choice < 8) {
                String topic = LifeLog.TOPICS.get(random.nextInt(LifeLog.TOPICS.size()));
                String text = (random.nextInt(15) == 0 ? "big" : "e") + ++external;
                appended(log.append(topic, text, Marks.of(Retain.PASS, random.nextInt(3))));
            } else if (choice < 20) {
                server.relay.dispatch(LifeLog.PARTITIONS.get(random.nextInt(3)));
            } else if (choice < 26) {
                boolean _ = server.relay.work();
            } else if (choice < 32) {
                boolean _ = server.drain();
            } else if (choice < 42) {
                boolean _ = server.table.work(random.nextInt(60) == 0);
            } else if (choice < 48) {
                boolean _ = server.runRead();
            } else if (choice < 56) {
                boolean _ = server.runTask();
            } else if (choice < 60) {
                boolean _ = server.runPublishing();
            } else if (choice < 70) {
                boolean _ = client.serverReads(server);
                closing(client);
            } else if (choice < 80) {
                boolean _ = client.reads();
            } else if (choice < 97) {
                act(client);
            } else if (choice < 98) {
                server.tick();
            } else if (crashes > 0 && random.nextInt(crashes / 10) == 0) {
                crash();
            }
        }

        private void act(LifeClient client) {
            LifeLink link = client.link;
            int choice = random.nextInt(100);
            if (link == null) {
                if (choice < 40) {
                    client.connect(server);
                }
            } else if (choice < 8) {
                link.isWritable = !link.isWritable;
                client.say("can take more: " + link.isWritable);
                if (link.isWritable && client.conversation != null) {
                    client.conversation.writable();
                }
            } else if (choice < 11) {
                breakOff(client);
            } else if (!client.isConnected) {
                return;
            } else if (choice < 13) {
                client.disconnect();
            } else if (choice < 22) {
                client.subscribe();
            } else if (choice < 26) {
                client.unsubscribe();
            } else if (choice < 45) {
                client.publish();
            } else {
                boolean _ = client.acknowledge();
            }
        }

        /// The connection breaks; the server reads some of what was on its way, and hears of it
        /// sooner or later.
        private void breakOff(LifeClient client) {
            LifeLink link = client.link;
            Conversation conversation = client.conversation;
            if (link == null || conversation == null) {
                return;
            }
            while (random.nextInt(3) > 0 && client.serverReads(server)) {
                // One more.
            }
            client.broken();
            if (random.nextBoolean()) {
                conversation.gone();
            } else {
                gone.add(conversation);
            }
        }

        private final ArrayDeque<Conversation> gone = new ArrayDeque<>();

        /// What the server has closed ends for the client, when it has read what it reads of it.
        private void closing(LifeClient client) {
            Conversation late = random.nextInt(4) == 0 ? gone.poll() : null;
            if (late != null) {
                late.gone();
            }
            LifeLink link = client.link;
            Conversation conversation = client.conversation;
            if (link == null || conversation == null || !link.isClosing) {
                return;
            }
            while (random.nextInt(8) > 0 && client.reads()) {
                // One more.
            }
            client.broken();
            conversation.gone();
        }

        private void crash() {
            say("--- crash");
            for (LifeClient each : clients) {
                while (random.nextInt(3) > 0 && each.reads()) {
                    // What was on its way.
                }
                if (each.link != null) {
                    each.broken();
                }
                each.record.crashed();
            }
            gone.clear();
            int waiting = server.table.waiting();
            server = start(server.table.crashed(waiting == 0 ? 0 : random.nextInt(waiting + 1)));
        }

        /// Nothing goes wrong any more, and all that is due arrives.
        private void quiet() {
            say("--- quiet");
            for (LifeClient each : clients) {
                each.isQuiet = true;
                if (each.link != null) {
                    each.link.isWritable = true;
                    java.util.Objects.requireNonNull(each.conversation).writable();
                }
            }
            int idle = 0;
            for (int i = 0; i < 5_000 && idle < 6; i++) {
                idle = round() ? 0 : idle + 1;
            }
            if (idle < 6) {
                throw new AssertionError("it never ends");
            }
            for (LifeClient each : clients) {
                if (!each.isIdle()) {
                    throw new AssertionError(each.id + " waits for something");
                }
                each.record.check(recorded);
            }
            boolean isLeftBehind =
                    server.filters().stream()
                            .map(Subscription::subscriber)
                            .anyMatch(each -> each == null || each.isClosed());
            if (isLeftBehind || server.claims() > clients.size()) {
                throw new AssertionError("something of a session is left behind");
            }
        }

        private boolean round() {
            boolean any = false;
            while (!gone.isEmpty()) {
                gone.remove().gone();
                any = true;
            }
            for (var partition : LifeLog.PARTITIONS) {
                any |= server.relay.dispatch(partition);
            }
            any |= server.relay.work();
            any |= server.drain();
            any |= server.table.work(false);
            any |= server.runRead();
            any |= server.runTask();
            any |= server.runPublishing();
            for (LifeClient each : clients) {
                if (each.link == null) {
                    each.connect(server);
                    any = true;
                }
                any |= each.serverReads(server);
                closing(each);
                any |= each.reads();
                any |= each.isConnected && each.acknowledge();
            }
            if (!any) {
                server.tick();
                boolean hasWorked = server.relay.work();
                boolean hasDrained = server.drain();
                any = hasWorked && hasDrained && any;
            }
            return any;
        }
    }
}
