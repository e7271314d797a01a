package io.millrace.gateway.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.Topics;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.gateway.kafka.share.ShareClient.Given;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What share consumers get of what was stored before they came, of which the broker looks at no
/// more than it has to.
@Timeout(60)
final class ShareBacklogTest {
    private static final int LONG = 20_000;
    private static final int SHORT = 100;

    @TempDir Path data;
    private ShareBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new ShareBed(data, ShareSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static Event[] events(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ShareBed.event("e" + i))
                .toArray(Event[]::new);
    }

    private static Event timed(String id, String extension, Instant time) {
        return Event.builder()
                .id(id)
                .source("/test")
                .type("t")
                .extension(extension, new TimestampValue(Timestamp.of(time)))
                .build();
    }

    private static List<String> ids(List<Given> given) {
        return given.stream().map(Given::id).toList();
    }

    @Test
    void aBatchIsTakenToItsEnd() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", events(0, 10));
        bed.enqueue("jobs", events(10, 20));
        ShareClient client = bed.client("g", "m", jobs);
        client.acquireMode = ShareClient.BATCHES;
        assertThat(client.fetch(3, LONG)).hasSize(10);
        client.acquireMode = ShareClient.RECORDS;
        assertThat(client.fetch(3, LONG)).hasSize(3);
        client.acquireMode = ShareClient.BATCHES;
        assertThat(client.fetch(3, LONG)).hasSize(7);
    }

    @Test
    void jobsHaveTheirTimes() {
        Topics.Topic jobs = bed.queue("jobs", "");
        Instant now = Instant.now();
        bed.enqueue(
                "jobs",
                ShareBed.event("a"),
                timed("much later", "scheduledtime", now.plusSeconds(3600)),
                timed("expired", "expirytime", now.minusSeconds(1)),
                timed("in time", "expirytime", now.plusSeconds(3600)),
                ShareBed.event("b"));
        ShareClient client = bed.client("g", "m", jobs);
        assertThat(ids(client.fetch(10, LONG))).containsExactly("a", "in time", "b");
        assertThat(client.fetch(10, SHORT)).isEmpty();
    }

    @Test
    void filtersHold() {
        Topics.Topic readings = bed.stream("readings", 1);
        bed.put("Subscription", "g", ",\"pattern\":\"/readings/**\",\"types\":[\"wanted\"]");
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String type = i % 3 == 0 ? "wanted" : "other";
            events.add(Event.builder().id(type + i).source("/test").type(type).build());
        }
        bed.publish("/readings/x", events.toArray(Event[]::new));
        ShareClient client = bed.client("g", "m", readings);
        assertThat(ids(client.fetch(100, LONG)))
                .hasSize(10)
                .allMatch(id -> id.startsWith("wanted"));
    }

    @Test
    void whatLiesInTwoFilesComesTogether() {
        Topics.Topic readings = bed.stream("readings", 1);
        bed.put(
                "Stream",
                "readings",
                ",\"mount\":\"/readings\",\"partitions\":1,\"durability\":\"buffered\","
                        + "\"topicConfig\":{\"segment.bytes\":\"1\"}");
        bed.put("Subscription", "g", ",\"pattern\":\"/readings/**\"");
        Bytes data = Bytes.wrap(new byte[100_000]);
        List<String> ids = IntStream.range(0, 40).mapToObj(i -> "e" + i).toList();
        for (String id : ids) {
            Event event = Event.builder().id(id).source("/test").type("t").data(data).build();
            bed.publish("/readings/x", event);
        }
        ShareClient client = bed.client("g", "m", readings);
        List<String> found = new ArrayList<>();
        while (found.size() < ids.size()) {
            // No more than the 1 MiB that the client bears.
            List<String> some = ids(client.fetch(ids.size(), LONG));
            assertThat(some).hasSizeLessThanOrEqualTo(10);
            found.addAll(some);
        }
        assertThat(found).isEqualTo(ids);
    }

    @Test
    void whoWantsWholeEventsGetsThemBehindThoseWhoReadForThemselves() throws Exception {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", events(0, 2_000));
        ShareClient client = bed.client("g", "m", jobs);
        assertThat(client.fetch(5, LONG)).hasSize(5);
        var received =
                bed.broker
                        .queues()
                        .receive(
                                Principal.LOCAL,
                                "jobs",
                                new ReceiveRequest(10, Duration.ofSeconds(20), null));
        assertThat(received.stream().map(each -> each.event().event().id()).toList())
                .containsExactlyElementsOf(IntStream.range(5, 15).mapToObj(i -> "e" + i).toList());
        assertThat(ids(client.fetch(2, LONG))).containsExactly("e15", "e16");
    }
}
