package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MqttOutletTest {
    private static final int RECEIVE_MAXIMUM = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Building building = new Building();
    private final Room room = building.room(3, 4);
    private final String climate = room.context() + "/sensors/climate";
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private FakeBroker broker;
    private MqttOutlet outlet;

    @BeforeEach
    void start() throws IOException {
        broker = new FakeBroker(0, RECEIVE_MAXIMUM);
        outlet = outlet(Wiring.ROOM, 24_000);
    }

    @AfterEach
    void stop() throws Exception {
        outlet.close(Duration.ofSeconds(1));
        broker.close();
    }

    @Test
    void anEventIsACloudEventInBinaryMode() throws Exception {
        Instant time = Instant.parse("2026-03-03T08:00:00.256Z");
        String data = "{\"temperature\":{\"value\":21.40,\"unit\":\"Cel\"}}";
        outlet.add(List.of(new Signal(climate, "io.contoso.x", "room 3.04", time, "7", data)));
        outlet.close(PATIENCE);
        FakeBroker.Message message = readings().getFirst();
        assertThat(message.topic()).isEqualTo(climate.substring(1));
        assertThat(message.payload()).isEqualTo(data);
        assertThat(message.contentType()).isEqualTo("application/json");
        assertThat(message.qos()).isEqualTo(1);
        assertThat(message.retain()).isTrue();
        assertThat(message.user())
                .isEqualTo(
                        Map.of(
                                "specversion", "1.0",
                                "id", "7",
                                "source", climate,
                                "type", "io.contoso.x",
                                "subject", "room 3.04",
                                "time", "2026-03-03T08:00:00.256Z"));
        assertThat(outlet.tally()).isEqualTo(new Outlet.Tally(1, 1, 0, 0));
    }

    @Test
    void eachRoomHasAConnectionAndSaysWhetherItIsThere() throws Exception {
        await().until(() -> broker.wills.size() == 24);
        assertThat(broker.wills.get("building-41-room-3.04"))
                .satisfies(will -> {
                    assertThat(will.topic()).isEqualTo(room.context().substring(1) + "/status");
                    assertThat(will.payload()).isEqualTo("offline");
                    assertThat(will.contentType()).isEqualTo("text/plain");
                    assertThat(will.retain()).isTrue();
                    assertThat(will.qos()).isEqualTo(1);
                });
        await().until(() -> statuses().size() == 24);
        assertThat(statuses()).containsOnly("online");
        outlet.close(PATIENCE);
        assertThat(statuses()).hasSize(48).endsWith("offline");
        assertThat(broker.wills).isEmpty();
    }

    @Test
    void aFloorHasOneControllerForItsRooms() throws Exception {
        outlet.close(PATIENCE);
        broker.messages.clear();
        outlet = outlet(Wiring.FLOOR, 24_000);
        outlet.add(signals(climate, 0, 3));
        outlet.add(signals(building.room(3, 5).context() + "/sensors/gas", 3, 5));
        outlet.close(PATIENCE);
        assertThat(ids()).containsExactly("0", "1", "2", "3", "4");
        assertThat(readings())
                .extracting(FakeBroker.Message::client)
                .containsOnly("building-41-floor-3");
        assertThat(broker.messages)
                .extracting(FakeBroker.Message::topic)
                .contains(Building.CONTEXT.substring(1) + "/floor/1/status");
    }

    @Test
    void noMoreIsInFlightThanTheServerTakes() throws Exception {
        outlet.add(signals(climate, 0, 500));
        outlet.close(PATIENCE);
        assertThat(ids()).containsExactlyElementsOf(numbers(0, 500));
        assertThat(broker.inFlightMax.get()).isBetween(2, RECEIVE_MAXIMUM);
        assertThat(outlet.tally()).isEqualTo(new Outlet.Tally(500, 500, 0, 0));
    }

    @Test
    void whatWasInFlightWhenTheConnectionBrokeIsSentAgainInOrder() throws Exception {
        await().until(() -> statuses().size() == 24);
        broker.hangUpAfter.set(3);
        outlet.add(signals(climate, 0, 10));
        outlet.close(PATIENCE);
        // What was taken before the answer was lost comes again: the same events, by their ids.
        assertThat(ids()).startsWith("0", "1", "2", "0").endsWith("8", "9").hasSize(13);
        assertThat(outlet.tally()).isEqualTo(new Outlet.Tally(10, 10, 0, 0));
        assertThat(statusesOf(room)).containsExactly("online", "offline", "online", "offline");
    }

    @Test
    void whileTheServerIsAwayEventsAreKeptUpToALimit() throws Exception {
        outlet.close(PATIENCE);
        outlet = outlet(Wiring.BUILDING, 4);
        await().until(() -> statuses().contains("online"));
        int port = broker.port();
        broker.close();
        await().until(() -> said().contains("does not take events"));
        outlet.add(signals(climate, 0, 10));
        broker = new FakeBroker(port, RECEIVE_MAXIMUM);
        outlet.close(PATIENCE);
        assertThat(ids()).containsExactly("6", "7", "8", "9");
        assertThat(outlet.tally()).isEqualTo(new Outlet.Tally(10, 4, 0, 6));
        assertThat(said())
                .containsOnlyOnce("does not take events")
                .containsOnlyOnce("the server is back");
    }

    @Test
    void anIdleControllerConnectsAgain() throws Exception {
        await().until(() -> statuses().size() == 24);
        broker.hangUp();
        await().until(() -> broker.connects.get() == 48);
        await().until(() -> statusesOf(room).equals(List.of("online", "offline", "online")));
    }

    @Test
    void whatIsRefusedIsLeftOutAndWhatCannotBeTakenNowIsTriedAgain() throws Exception {
        outlet.close(PATIENCE);
        broker.messages.clear();
        outlet = outlet(Wiring.BUILDING, 100);
        int notAuthorized = 0x87;
        int quotaExceeded = 0x97;
        broker.reasons.addAll(List.of(0, notAuthorized, quotaExceeded));
        outlet.add(signals(climate, 0, 4));
        outlet.close(PATIENCE);
        assertThat(ids().subList(ids().lastIndexOf("2"), ids().size())).containsExactly("2", "3");
        assertThat(ids().stream().filter("1"::equals)).hasSize(1);
        assertThat(outlet.tally()).isEqualTo(new Outlet.Tally(4, 3, 1, 0));
        assertThat(said())
                .containsOnlyOnce("events are refused: reason 0x87 for the one in " + climate);
    }

    @Test
    void aServerThatStaysAwayDoesNotHoldUpTheEnd() throws Exception {
        broker.close();
        outlet.add(signals(climate, 0, 2));
        outlet.close(Duration.ofMillis(200));
        assertThat(outlet.tally().unsent()).isEqualTo(2);
    }

    private MqttOutlet outlet(Wiring wiring, int backlogMax) {
        return new MqttOutlet(
                building,
                new Way.Mqtt("127.0.0.1", broker.port(), wiring),
                backlogMax,
                new PrintStream(said, true, StandardCharsets.UTF_8),
                Duration.ofMillis(5));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private List<FakeBroker.Message> readings() {
        return broker.messages.stream()
                .filter(message -> !message.topic().endsWith("/status"))
                .toList();
    }

    private List<String> ids() {
        return readings().stream().map(message -> message.user().get("id")).toList();
    }

    private List<String> statuses() {
        return broker.messages.stream()
                .filter(message -> message.topic().endsWith("/status"))
                .map(FakeBroker.Message::payload)
                .toList();
    }

    private List<String> statusesOf(Room of) {
        return broker.messages.stream()
                .filter(message -> message.topic().equals(of.context().substring(1) + "/status"))
                .map(FakeBroker.Message::payload)
                .toList();
    }

    private static List<String> numbers(int from, int until) {
        return IntStream.range(from, until).mapToObj(Integer::toString).toList();
    }

    private static List<Signal> signals(String context, int from, int until) {
        return numbers(from, until).stream()
                .map(id -> new Signal(context, "type", "subject", Instant.EPOCH, id, "{}"))
                .toList();
    }
}
