package io.millrace.example.building41;

/// The air of one room, stepped second by second. One thread.
///
/// A well-mixed box: people add CO2, water and heat, ventilation exchanges air with outside, walls
/// leak heat, a radiator holds a set temperature. Gas and smoke rise towards the peak of an
/// incident and are ventilated away after it.
public final class Air {
    /// Litres of CO2 that a person at a desk breathes out a second.
    private static final double CO2_LITRES = 0.0052;

    private static final double VAPOUR_GRAMS_PER_HOUR = 50;
    private static final double PERSON_WATTS = 85;
    private static final double RADIATOR_WATTS_PER_SQUARE_METRE = 45;
    private static final double LOSS_WATTS_PER_KELVIN_SQUARE_METRE = 0.9;
    private static final double JOULES_PER_KELVIN_CUBIC_METRE = 9000;
    private static final double METHANE_PPM = 2.0;

    private final Room room;
    private double temperature = 19;
    private double vapour = 6.5;
    private double co2 = 450;
    private double methane = METHANE_PPM;
    private double smoke;

    public Air(Room room) {
        this.room = room;
    }

    /// Lets a second pass.
    ///
    /// @param officeHours whether ventilation and heating run as in the day
    /// @param gasPeak ppm that a leak drives to, or 0 without one
    /// @param smokePeak percent a metre that smoke drives to, or 0 without any
    public void second(
            int people, Weather outside, boolean officeHours, double gasPeak, double smokePeak) {
        double volume = room.volumeCubicMetres();
        double exchange = (officeHours ? 2.2 : 0.4) / 3600;
        co2 += people * CO2_LITRES * 1000 / volume - exchange * (co2 - Weather.CO2_PPM);
        vapour += people * VAPOUR_GRAMS_PER_HOUR / 3600 / volume;
        vapour -= exchange * (vapour - outside.vapourGramsPerCubicMetre());
        double set = officeHours ? 21.5 : 18;
        double radiator = room.areaSquareMetres() * RADIATOR_WATTS_PER_SQUARE_METRE;
        double watts =
                people * PERSON_WATTS
                        + radiator * Math.clamp(set - temperature, 0, 1)
                        + room.areaSquareMetres()
                                * LOSS_WATTS_PER_KELVIN_SQUARE_METRE
                                * (outside.temperatureCelsius() - temperature);
        temperature += watts / (JOULES_PER_KELVIN_CUBIC_METRE * volume);
        methane += gasPeak > 0 ? (gasPeak - methane) / 120 : (METHANE_PPM - methane) / 180;
        smoke += smokePeak > 0 ? (smokePeak - smoke) / 20 : -smoke / 60;
    }

    public double temperatureCelsius() {
        return temperature;
    }

    /// Relative humidity in percent.
    public double humidityPercent() {
        return Math.min(100, 100 * vapour / Weather.saturation(temperature));
    }

    public double co2Ppm() {
        return co2;
    }

    public double methanePpm() {
        return methane;
    }

    /// Obscuration in percent a metre.
    public double smokePercent() {
        return smoke;
    }
}
