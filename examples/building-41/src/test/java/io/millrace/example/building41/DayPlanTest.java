package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DayPlanTest {
    private static final LocalDate TUESDAY = LocalDate.of(2026, 3, 3);
    private static final LocalDate SUNDAY = LocalDate.of(2026, 3, 8);

    private final Building building = new Building();

    @Test
    void peopleComeInTheMorningAndGoInTheEvening() {
        DayPlan plan = new DayPlan(building, 41, TUESDAY);
        assertThat(people(plan, 4)).isLessThan(3);
        assertThat(people(plan, 10)).isGreaterThan(20);
        assertThat(people(plan, 22)).isLessThan(5);
    }

    @Test
    void sundayIsQuiet() {
        assertThat(people(new DayPlan(building, 41, SUNDAY), 11)).isLessThan(10);
    }

    @Test
    void peopleMeet() {
        DayPlan plan = new DayPlan(building, 41, TUESDAY);
        int most = 0;
        for (int second = 9 * 3600; second < 17 * 3600; second += 300) {
            for (Room room : building.rooms(RoomUse.MEETING)) {
                most = Math.max(most, plan.occupancy(second)[room.index()]);
            }
        }
        assertThat(most).isGreaterThan(2);
    }

    @Test
    void everySecondOfManyDaysIsPlanned() {
        for (int seed = 0; seed < 50; seed++) {
            DayPlan plan = new DayPlan(building, seed, TUESDAY.plusDays(seed));
            for (int second = 0; second < 24 * 3600; second += 59) {
                assertThat(plan.occupancy(second)).as("seed %d", seed).hasSize(24);
            }
            for (Incident incident : plan.incidents()) {
                assertThat(incident.until()).as("seed %d", seed).isLessThan(24 * 3600);
            }
        }
    }

    private static int people(DayPlan plan, int hour) {
        return Arrays.stream(plan.occupancy(hour * 3600)).sum();
    }
}
