package io.millrace.example.building41;

/// A room of the building.
///
/// @param index its place in [Building#rooms]
/// @param floor from 1
/// @param unit the letter of the part of the floor that it lies in
/// @param number its number on the floor, from 1
/// @param capacity desks in an office or a laboratory, otherwise seats
/// @param areaSquareMetres of the floor
public record Room(
        int index,
        int floor,
        char unit,
        int number,
        RoomUse use,
        int capacity,
        double areaSquareMetres) {
    private static final double HEIGHT_METRES = 2.8;

    /// The context of the room: its address in Millrace.
    public String context() {
        return Building.CONTEXT + "/floor/" + floor + "/unit/" + unit + "/room/" + number;
    }

    /// The sign at the door, such as `3.04`.
    public String sign() {
        return floor + ".0" + number;
    }

    public double volumeCubicMetres() {
        return areaSquareMetres * HEIGHT_METRES;
    }

    public boolean hasDesks() {
        return use == RoomUse.OFFICE || use == RoomUse.LABORATORY;
    }

    public boolean hasGasSupply() {
        return use == RoomUse.KITCHEN || use == RoomUse.LABORATORY;
    }
}
