package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class SimulationTest {
    /// A Tuesday; nine o'clock in Berlin.
    private static final Instant TUESDAY = Instant.parse("2026-03-03T08:00:00Z");

    private static final int DAY = 24 * 3600;

    private final Building building = new Building();
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void theSameSeedAndStartGiveTheSameSignals() {
        assertThat(signals(41, TUESDAY, 1800)).isEqualTo(signals(41, TUESDAY, 1800));
        assertThat(signals(42, TUESDAY, 1800)).isNotEqualTo(signals(41, TUESDAY, 1800));
    }

    @Test
    void aStartLaterInTheDayFindsTheSameBuilding() {
        List<Signal> all = signals(41, TUESDAY, 1800);
        List<Signal> later = signals(41, TUESDAY.plusSeconds(900), 900);
        assertThat(all.subList(all.size() - later.size(), all.size())).isEqualTo(later);
    }

    @Test
    void everySensorReportsAtItsPace() {
        List<Signal> signals = signals(41, TUESDAY, 600);
        Set<String> contexts = new HashSet<>();
        signals.forEach(signal -> contexts.add(signal.context()));
        assertThat(contexts)
                .hasSize(96)
                .contains(
                        "/org/contoso/site/berlin/building/41/floor/3/unit/j/room/4/sensors/climate");
        assertThat(count(signals, "climate.measured")).isEqualTo(24 * 60);
        assertThat(count(signals, "fire.heartbeat")).isEqualTo(24 * 10);
    }

    @Test
    void aHigherRateReportsMoreOften() {
        Simulation simulation = new Simulation(building, 41, 10, TUESDAY);
        assertThat(count(simulation.second(), "climate.measured")).isEqualTo(24);
    }

    @Test
    void sourceAndIdAreUnique() {
        Set<String> seen = new HashSet<>();
        for (Signal signal : signals(41, TUESDAY, 4 * 3600)) {
            assertThat(seen.add(signal.context() + " " + signal.id())).as("%s", signal).isTrue();
        }
    }

    @Test
    void occupancyIsTheSumOfItsChanges() {
        String room = building.room(3, 4).context() + "/sensors/occupancy";
        int before = -1;
        for (Signal signal : signals(41, TUESDAY, 8 * 3600)) {
            if (signal.context().equals(room)) {
                JsonNode data = data(signal);
                int people = data.at("/people/value").asInt();
                if (before >= 0) {
                    assertThat(people).isEqualTo(before + data.get("change").asInt());
                }
                before = people;
            }
        }
        assertThat(before).isNotNegative();
    }

    @Test
    void aWorkingDayRaisesTheCarbonDioxideAndANightLowersIt() {
        List<Signal> day = signals(41, Instant.parse("2026-03-03T01:00:00Z"), 15 * 3600);
        double night = mean(day.subList(0, day.size() / 10), "/co2/value");
        double afternoon = mean(day.subList(day.size() / 2, day.size()), "/co2/value");
        assertThat(night).isBetween(420.0, 480.0);
        assertThat(afternoon).isBetween(night + 50, 1500.0);
        assertThat(mean(day, "/temperature/value")).isBetween(16.0, 26.0);
        assertThat(mean(day, "/humidity/value")).isBetween(15.0, 70.0);
    }

    @Test
    void alarmsAreRaisedAndClearedInTurns() {
        List<Signal> day = signals(41, Instant.parse("2026-03-02T23:00:00Z"), DAY);
        assertThat(count(day, "fire.alarm.raised"))
                .isPositive()
                .isEqualTo(count(day, "fire.alarm.cleared"));
        assertThat(count(day, "gas.alarm.raised"))
                .isPositive()
                .isEqualTo(count(day, "gas.alarm.cleared"));
    }

    @Test
    void aSignalIsACloudEventWithUnits() {
        Signal signal = signals(41, TUESDAY, 60).getFirst();
        JsonNode event = json.readTree(signal.toCloudEvent());
        assertThat(event.get("specversion").asString()).isEqualTo("1.0");
        assertThat(event.get("source").asString()).isEqualTo(signal.context());
        assertThat(event.get("type").asString()).startsWith("io.contoso.building.");
        assertThat(Instant.parse(event.get("time").asString())).isEqualTo(signal.time());
        for (JsonNode value : event.get("data")) {
            assertThat(!value.isObject() || value.has("unit")).as("%s", event).isTrue();
        }
    }

    private List<Signal> signals(long seed, Instant start, int seconds) {
        Simulation simulation = new Simulation(building, seed, 1, start);
        List<Signal> signals = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            signals.addAll(simulation.second());
        }
        return signals;
    }

    private double mean(List<Signal> signals, String pointer) {
        return signals.stream()
                .filter(signal -> signal.type().endsWith("climate.measured"))
                .mapToDouble(signal -> data(signal).at(pointer).asDouble())
                .average()
                .orElseThrow();
    }

    private JsonNode data(Signal signal) {
        return json.readTree(signal.data());
    }

    private static long count(List<Signal> signals, String type) {
        return signals.stream().filter(signal -> signal.type().endsWith("." + type)).count();
    }
}
