package io.millrace.example.building41;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Where everybody is in every minute of one day, and what goes wrong on it.
///
/// A function of seed and date alone, so that a simulation that is started again on the same day
/// finds the same people at the same desks. Immutable once made.
public final class DayPlan {
    /// Not in the building.
    public static final int OUTSIDE = -1;

    private static final int MINUTES = 24 * 60;
    private static final int CLEANERS = 2;

    private final Building building;
    private final RandomGenerator random;
    private final boolean workday;
    private final List<int[]> whereabouts = new ArrayList<>();
    private final List<Integer> secondsLate = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();

    public DayPlan(Building building, long seed, LocalDate date) {
        this.building = building;
        this.random = new SplittableRandom(seed * 1_000_003 + date.toEpochDay());
        DayOfWeek day = date.getDayOfWeek();
        this.workday = day != DayOfWeek.SATURDAY && day != DayOfWeek.SUNDAY;
        planStaff();
        planMeetings();
        planLunch();
        for (int cleaner = 0; cleaner < CLEANERS; cleaner++) {
            planCleaner(cleaner);
        }
        planGuard();
        planIncidents();
    }

    /// Counts the people in each room, by [Room#index].
    public int[] occupancy(int secondOfDay) {
        int[] people = new int[building.rooms().size()];
        for (int person = 0; person < whereabouts.size(); person++) {
            int minute = Math.max(0, secondOfDay - secondsLate.get(person)) / 60;
            int room = whereabouts.get(person)[minute];
            if (room != OUTSIDE) {
                people[room]++;
            }
        }
        return people;
    }

    public List<Incident> incidents() {
        return incidents;
    }

    private void planStaff() {
        for (Room room : building.rooms()) {
            for (int desk = 0; room.hasDesks() && desk < room.capacity(); desk++) {
                int[] day = newPerson();
                if (random.nextDouble() < (workday ? 0.8 : 0.05)) {
                    planDeskWork(day, room);
                }
            }
        }
    }

    private int[] newPerson() {
        int[] day = new int[MINUTES];
        Arrays.fill(day, OUTSIDE);
        whereabouts.add(day);
        secondsLate.add(random.nextInt(60));
        return day;
    }

    private void planDeskWork(int[] day, Room desk) {
        int arrival = gaussian(8 * 60 + 35, 45, 6 * 60, 11 * 60);
        int leave = Math.min(arrival + gaussian(8 * 60 + 30, 50, 120, 11 * 60), 20 * 60);
        Arrays.fill(day, arrival, leave, desk.index());
        Room kitchen = building.room(desk.floor(), 8);
        for (int hour = arrival; hour < leave; hour += 60) {
            if (random.nextDouble() < 0.6) {
                int start = hour + random.nextInt(50);
                stay(day, start, start + 4 + random.nextInt(6), kitchen.index());
            }
        }
    }

    private void planMeetings() {
        if (!workday) {
            return;
        }
        for (Room room : building.rooms(RoomUse.MEETING)) {
            int start = 9 * 60;
            while (start < 17 * 60) {
                int length = 30 * (1 + random.nextInt(3));
                if (random.nextDouble() < 0.4) {
                    meet(room, start, start + length);
                    start += length;
                } else {
                    start += 30;
                }
            }
        }
    }

    private void meet(Room room, int start, int end) {
        int seats = 2 + random.nextInt(room.capacity() - 1);
        int[] order = random.ints(0, whereabouts.size()).distinct().limit(seats).toArray();
        for (int person : order) {
            int early = random.nextInt(3);
            stay(whereabouts.get(person), start - early, end + random.nextInt(3), room.index());
        }
    }

    private void planLunch() {
        for (int[] day : whereabouts) {
            int start = 11 * 60 + 45 + random.nextInt(75);
            int floor = 1 + random.nextInt(3);
            boolean inKitchen = random.nextDouble() < 0.3;
            int where = inKitchen ? building.room(floor, 8).index() : OUTSIDE;
            stay(day, start, start + 25 + random.nextInt(25), where);
        }
    }

    /// In the evening, one room after the other; the second cleaner starts at the other end.
    private void planCleaner(int cleaner) {
        int[] day = newPerson();
        if (!workday) {
            return;
        }
        int rooms = building.rooms().size();
        int minute = 18 * 60 + random.nextInt(15);
        for (int i = cleaner; i < rooms; i += CLEANERS) {
            int end = minute + 6 + random.nextInt(8);
            Arrays.fill(day, minute, end, cleaner == 0 ? i : rooms - i);
            minute = end;
        }
    }

    /// Every two hours of the night, and of the day at weekends: a minute in each room.
    private void planGuard() {
        int[] day = newPerson();
        for (int hour = 0; hour < 24; hour += 2) {
            boolean staffed = workday && hour >= 6 && hour < 22;
            int start = hour * 60 + random.nextInt(60);
            for (int i = 0; !staffed && i < building.rooms().size(); i++) {
                day[start + i] = i;
            }
        }
    }

    private void planIncidents() {
        List<Room> supplied = building.rooms().stream().filter(Room::hasGasSupply).toList();
        int leaks = (workday ? 1 : 0) + (random.nextDouble() < 0.4 ? 1 : 0);
        for (int i = 0; i < leaks; i++) {
            Room room = supplied.get(random.nextInt(supplied.size()));
            int from = 8 * 3600 + random.nextInt(11 * 3600);
            int until = from + 300 + random.nextInt(600);
            double peak = 1500 + random.nextInt(4500);
            incidents.add(new Incident(Incident.Kind.GAS_LEAK, room, from, until, peak));
        }
        if (workday) {
            Room room = building.rooms().get(random.nextInt(building.rooms().size()));
            int from = 10 * 3600 + random.nextInt(5 * 3600);
            incidents.add(new Incident(Incident.Kind.SMOKE_TEST, room, from, from + 90, 8));
        }
    }

    /// Moves a person for a while, but only while they are in the building.
    private static void stay(int[] day, int from, int until, int where) {
        for (int minute = Math.max(0, from); minute < Math.min(until, MINUTES); minute++) {
            if (day[minute] != OUTSIDE) {
                day[minute] = where;
            }
        }
    }

    private int gaussian(double mean, double deviation, int min, int max) {
        return Math.clamp(Math.round(random.nextGaussian(mean, deviation)), min, max);
    }
}
