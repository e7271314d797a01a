package io.millrace.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.ContextPattern;
import io.millrace.router.RelayGround.Recorder;
import io.millrace.security.Principal;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One relay over two shards, step by step.
final class RelayTest {
    /// Room for so many events without data.
    private static final long TWO_EVENTS = 2 * 256;

    private final RelayGround ground = new RelayGround(2);
    private final Stream events = ground.mount("events", 1, "/");
    private final Recorder recorder = new Recorder();
    private final List<String> done = new ArrayList<>();

    private static ContextPattern pattern(String text) {
        return ContextPattern.of(text);
    }

    private void follow(Relay relay, String pattern) {
        relay.follow(Principal.LOCAL, pattern(pattern), () -> recorder.told.add("follows"));
        drain(relay);
    }

    private void drain(Relay relay) {
        ground.threads.drain();
        int _ = relay.drain(recorder);
    }

    private List<String> told(Relay relay) {
        recorder.told.clear();
        drain(relay);
        return List.copyOf(recorder.told);
    }

    @Test
    void eachEventComesOnceHoweverManyPatternsCoverIt() {
        Relay relay = ground.relay(1 << 20);
        follow(relay, "/a/**");
        follow(relay, "/a/*");
        follow(relay, "/a/b");
        ground.publish(events, 0, "/a/b", "1");
        ground.publish(events, 1, "/a/b", "2");
        ground.publish(events, 1, "/c", "3");
        assertThat(told(relay)).containsExactlyInAnyOrder("live events.1/0:0", "live events.1/1:0");
    }

    @Test
    void whoFollowsIsToldHowFarEachPartitionWasDispatchedBefore() {
        Relay relay = ground.relay(1 << 20);
        ground.publish(events, 0, "/a", "1");
        ground.publish(events, 0, "/a", "2");
        follow(relay, "/a");
        assertThat(recorder.told)
                .containsExactlyInAnyOrder(
                        "dispatched events.1/0:2", "dispatched events.1/1:0", "follows")
                .endsWith("follows");
    }

    @Test
    void marksComeInOrderWithTheEvents() {
        Relay relay = ground.relay(1 << 20);
        follow(relay, "/a");
        recorder.told.clear();
        ground.publish(events, 0, "/a", "1");
        relay.mark(List.of(pattern("/a")), () -> recorder.told.add("marked"));
        ground.threads.drain();
        ground.publish(events, 0, "/a", "2");
        drain(relay);
        assertThat(recorder.told.stream().filter(each -> !each.contains("/1:")))
                .containsSubsequence(
                        "live events.1/0:0", "dispatched events.1/0:1", "live events.1/0:1")
                .contains("marked")
                .hasSize(4);
    }

    @Test
    void whatDoesNotFitIsToldAsAGapOnce() {
        Relay relay = ground.relay(TWO_EVENTS);
        follow(relay, "/a");
        for (int i = 0; i < 5; i++) {
            ground.publish(events, 0, "/a", "e" + i);
        }
        assertThat(told(relay))
                .containsExactly("live events.1/0:0", "live events.1/0:1", "gap events.1/0:2");
        ground.publish(events, 0, "/a", "e5");
        assertThat(told(relay)).containsExactly("live events.1/0:5");
        assertThat(relay.heldBytes()).isZero();
    }

    /// Whoever reads the log up to the mark would miss what is left out behind it.
    @Test
    void whatDoesNotFitBehindAMarkIsToldAsAnotherGap() {
        Relay relay = ground.relay(TWO_EVENTS);
        follow(relay, "/a");
        for (int i = 0; i < 3; i++) {
            ground.publish(events, 0, "/a", "e" + i);
        }
        relay.mark(List.of(pattern("/a")), () -> {});
        ground.threads.drain();
        ground.publish(events, 0, "/a", "e3");
        assertThat(told(relay).stream().filter(each -> !each.contains("/1:")))
                .containsExactly(
                        "live events.1/0:0",
                        "live events.1/0:1",
                        "gap events.1/0:2",
                        "dispatched events.1/0:3",
                        "gap events.1/0:3");
    }

    @Test
    void aPatternIsFollowedUntilAllHaveLetGoOfIt() {
        Relay relay = ground.relay(1 << 20);
        follow(relay, "/a");
        follow(relay, "/a");
        relay.unfollow(pattern("/a"));
        relay.unfollow(pattern("/unknown"));
        ground.publish(events, 0, "/a", "1");
        assertThat(told(relay)).containsExactly("live events.1/0:0");
        relay.unfollow(pattern("/a"));
        ground.publish(events, 0, "/a", "2");
        assertThat(told(relay)).isEmpty();
        follow(relay, "/a");
        ground.publish(events, 0, "/a", "3");
        assertThat(told(relay)).containsExactly("live events.1/0:2");
        relay.close();
        ground.publish(events, 0, "/a", "4");
        assertThat(told(relay)).isEmpty();
    }

    @Test
    void streamsThatAreMountedLaterAreFollowedToo() {
        Relay relay = ground.relay(1 << 20);
        follow(relay, "/a/**");
        Stream later = ground.mount("later", 2, "/a/b");
        ground.publish(later, 1, "/a/b/c", "1");
        assertThat(told(relay)).containsExactly("live later.2/1:0");
        relay.mark(List.of(pattern("/a/**")), () -> done.add("marked"));
        assertThat(told(relay))
                .containsExactlyInAnyOrder(
                        "dispatched later.2/0:0",
                        "dispatched later.2/1:1",
                        "dispatched events.1/0:0",
                        "dispatched events.1/1:0");
        assertThat(done).containsExactly("marked");
    }

    @Test
    void batchesOfProducersAreHandedOverEventByEvent() {
        Relay relay = ground.relay(1 << 20);
        Stream topic = ground.mount("topic", 2, "/topics/t");
        follow(relay, "/topics/*");
        recorder.told.clear();
        ground.produce(topic, 0, 3);
        assertThat(told(relay))
                .containsExactly("live topic.2/0:0", "live topic.2/0:1", "live topic.2/0:2");
        relay.unfollow(pattern("/topics/*"));
        ground.produce(topic, 0, 2);
        assertThat(told(relay)).isEmpty();
    }
}
