package io.millrace.example.building41;

/// What a room is used for.
public enum RoomUse {
    /// Has desks.
    OFFICE,
    /// Has desks and a gas supply.
    LABORATORY,
    /// Is booked for meetings.
    MEETING,
    /// Where people have coffee; has a gas supply.
    KITCHEN
}
