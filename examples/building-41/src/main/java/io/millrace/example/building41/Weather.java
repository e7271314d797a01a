package io.millrace.example.building41;

import java.time.ZonedDateTime;

/// The air outside: a smooth year and a smooth day in Berlin.
///
/// @param temperatureCelsius of the air
/// @param vapourGramsPerCubicMetre the water in it
public record Weather(double temperatureCelsius, double vapourGramsPerCubicMetre) {
    /// The CO2 in fresh air.
    public static final double CO2_PPM = 424;

    public static Weather at(ZonedDateTime time) {
        double year = 2 * Math.PI * (time.getDayOfYear() - 20) / 365.0;
        double day = 2 * Math.PI * (time.toLocalTime().toSecondOfDay() - 4 * 3600) / 86400.0;
        double celsius = 10 - 9.5 * Math.cos(year) - 3.5 * Math.cos(day);
        return new Weather(celsius, 0.72 * saturation(celsius));
    }

    /// Grams of vapour that a cubic metre of air can hold (Magnus formula).
    public static double saturation(double celsius) {
        double pascal = 611.2 * Math.exp(17.62 * celsius / (243.12 + celsius));
        return pascal / (0.4615 * (273.15 + celsius));
    }
}
