package io.millrace.example.building41;

import java.util.Locale;

/// Which part of the building has a controller of its own: the device that its sensors hang on, and
/// which has one connection for all of them.
public enum Wiring {
    ROOM,
    FLOOR,
    BUILDING;

    /// The context of the part of the building that a room's signals come from.
    String placeOf(Room room) {
        return switch (this) {
            case ROOM -> room.context();
            case FLOOR -> Building.CONTEXT + "/floor/" + room.floor();
            case BUILDING -> Building.CONTEXT;
        };
    }

    /// How the controller of a room calls itself: the same each time, so that the server knows it
    /// again, and another for each controller.
    String clientIdOf(Room room) {
        return switch (this) {
            case ROOM -> "building-41-room-" + room.sign();
            case FLOOR -> "building-41-floor-" + room.floor();
            case BUILDING -> "building-41";
        };
    }

    /// The name as it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
