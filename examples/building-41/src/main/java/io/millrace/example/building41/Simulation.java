package io.millrace.example.building41;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/// The life of the building, a second at a time. One thread; no input, no output, no clock.
///
/// The same seed and start give the same signals, byte by byte.
public final class Simulation {
    private final Building building;
    private final long seed;
    private final List<Air> air = new ArrayList<>();
    private final List<RoomSensors> sensors = new ArrayList<>();
    private ZonedDateTime now;
    private LocalDate planned;
    private DayPlan plan;

    /// Makes a building as it is at `start`, after having lived through the day up to then.
    ///
    /// @param rate how many times as often as usual the sensors report; positive
    public Simulation(Building building, long seed, double rate, Instant start) {
        this.building = building;
        this.seed = seed;
        for (Room room : building.rooms()) {
            air.add(new Air(room));
            sensors.add(new RoomSensors(room, seed, rate));
        }
        ZonedDateTime target = ZonedDateTime.ofInstant(start, Building.ZONE).withNano(0);
        planned = target.toLocalDate();
        plan = new DayPlan(building, seed, planned);
        now = planned.atStartOfDay(Building.ZONE);
        while (now.isBefore(target)) {
            live(people());
        }
        int[] people = people();
        for (Room room : building.rooms()) {
            sensors.get(room.index()).prime(air.get(room.index()), people[room.index()]);
        }
    }

    /// The second that [#second] will simulate next.
    public Instant now() {
        return now.toInstant();
    }

    /// Lives through a second and returns what the sensors reported in it.
    public List<Signal> second() {
        Instant instant = now.toInstant();
        int[] people = people();
        live(people);
        List<Signal> signals = new ArrayList<>();
        for (Room room : building.rooms()) {
            int index = room.index();
            sensors.get(index).second(instant, air.get(index), people[index], signals);
        }
        return signals;
    }

    private int[] people() {
        if (!now.toLocalDate().equals(planned)) {
            planned = now.toLocalDate();
            plan = new DayPlan(building, seed, planned);
        }
        return plan.occupancy(secondOfDay());
    }

    private void live(int[] people) {
        Weather weather = Weather.at(now);
        int second = secondOfDay();
        boolean officeHours = now.getHour() >= 6 && now.getHour() < 20;
        for (Room room : building.rooms()) {
            double gas = peak(Incident.Kind.GAS_LEAK, room, second);
            double smoke = peak(Incident.Kind.SMOKE_TEST, room, second);
            int index = room.index();
            air.get(index).second(people[index], weather, officeHours, gas, smoke);
        }
        now = now.plusSeconds(1);
    }

    private double peak(Incident.Kind kind, Room room, int second) {
        for (Incident incident : plan.incidents()) {
            if (incident.kind() == kind && incident.room().equals(room) && incident.on(second)) {
                return incident.peak();
            }
        }
        return 0;
    }

    private int secondOfDay() {
        return now.toLocalTime().toSecondOfDay();
    }
}
