package io.millrace.example.building41;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// The floor plan: three floors of eight rooms, grouped in units.
public final class Building {
    public static final String CONTEXT = "/org/contoso/site/berlin/building/41";
    public static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /// One letter a room, by floor. There is no unit `i`: it is too easily read as a 1.
    private static final List<String> UNITS = List.of("aaabbccc", "ddeeeffg", "hhhjjjkk");

    private final List<Room> rooms;

    public Building() {
        List<Room> plan = new ArrayList<>();
        for (int floor = 1; floor <= UNITS.size(); floor++) {
            String units = UNITS.get(floor - 1);
            for (int number = 1; number <= units.length(); number++) {
                plan.add(room(plan.size(), floor, units.charAt(number - 1), number));
            }
        }
        rooms = List.copyOf(plan);
    }

    private static Room room(int index, int floor, char unit, int number) {
        return switch (number) {
            case 1 -> new Room(index, floor, unit, number, RoomUse.MEETING, 10, 32);
            case 5 -> new Room(index, floor, unit, number, RoomUse.MEETING, 5, 16);
            case 8 -> new Room(index, floor, unit, number, RoomUse.KITCHEN, 6, 18);
            case 2 ->
                    floor == 1
                            ? new Room(index, floor, unit, number, RoomUse.LABORATORY, 4, 40)
                            : new Room(index, floor, unit, number, RoomUse.OFFICE, 2, 16);
            default -> new Room(index, floor, unit, number, RoomUse.OFFICE, 2 + number % 3, 24);
        };
    }

    /// All rooms by floor and number; [Room#index] is the place in this list.
    public List<Room> rooms() {
        return rooms;
    }

    /// @throws IllegalArgumentException if there is no such room
    public Room room(int floor, int number) {
        return rooms.stream()
                .filter(room -> room.floor() == floor && room.number() == number)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no room " + number + " on floor " + floor));
    }

    public List<Room> rooms(RoomUse use) {
        return rooms.stream().filter(room -> room.use() == use).toList();
    }
}
