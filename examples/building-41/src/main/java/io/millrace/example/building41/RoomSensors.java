package io.millrace.example.building41;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// The four sensors of a room: climate, occupancy, fire and gas. One thread.
///
/// Each reports at its own period, shifted so that the rooms do not speak all at once; occupancy
/// and alarms are reported when they change, too. Units are UCUM codes.
final class RoomSensors {
    private static final int CLIMATE_SECONDS = 10;
    private static final int OCCUPANCY_SECONDS = 60;
    private static final int FIRE_SECONDS = 60;
    private static final int GAS_SECONDS = 30;
    private static final double METHANE_ALARM_PPM = 1000;
    private static final double SMOKE_ALARM_PERCENT = 3;

    private final Room room;
    private final long seed;
    private final double rate;
    private final int shift;
    private int people;
    private boolean gasAlarm;
    private boolean smokeAlarm;

    /// @param rate how many times as often as usual the sensors report
    RoomSensors(Room room, long seed, double rate) {
        this.room = room;
        this.seed = seed;
        this.rate = rate;
        this.shift = new SplittableRandom(seed + room.index()).nextInt(60);
    }

    /// Takes note of the state without a report, as at the end of a warm-up.
    void prime(Air air, int peopleNow) {
        people = peopleNow;
        gasAlarm = air.methanePpm() > METHANE_ALARM_PPM;
        smokeAlarm = air.smokePercent() > SMOKE_ALARM_PERCENT;
    }

    /// Adds to `signals` what the sensors report in this second.
    void second(Instant now, Air air, int peopleNow, List<Signal> signals) {
        long second = now.getEpochSecond() + shift;
        climate(now, second, air, signals);
        occupancy(now, second, peopleNow, signals);
        fire(now, second, air, signals);
        gas(now, second, air, signals);
    }

    private void climate(Instant now, long second, Air air, List<Signal> signals) {
        if (due(second, CLIMATE_SECONDS)) {
            SplittableRandom noise = new SplittableRandom(seed ^ (second * 31 + room.index()));
            String data =
                    String.format(
                            Locale.ROOT,
                            """
                            {"temperature":{"value":%.2f,"unit":"Cel"},\
                            "humidity":{"value":%.1f,"unit":"%%"},\
                            "co2":{"value":%.0f,"unit":"[ppm]"}}\
                            """,
                            air.temperatureCelsius() + noise.nextGaussian(0, 0.03),
                            air.humidityPercent() + noise.nextGaussian(0, 0.2),
                            air.co2Ppm() + noise.nextGaussian(0, 3));
            signals.add(signal("climate", "climate.measured", now, data));
        }
    }

    private void occupancy(Instant now, long second, int peopleNow, List<Signal> signals) {
        String data =
                String.format(
                        Locale.ROOT,
                        "{\"people\":{\"value\":%d,\"unit\":\"{person}\"},\"change\":%d}",
                        peopleNow,
                        peopleNow - people);
        if (peopleNow != people) {
            signals.add(signal("occupancy", "occupancy.changed", now, data));
            people = peopleNow;
        } else if (due(second, OCCUPANCY_SECONDS)) {
            signals.add(signal("occupancy", "occupancy.measured", now, data));
        }
    }

    private void fire(Instant now, long second, Air air, List<Signal> signals) {
        boolean alarm = air.smokePercent() > SMOKE_ALARM_PERCENT / (smokeAlarm ? 2 : 1);
        String data =
                String.format(
                        Locale.ROOT,
                        "{\"smoke\":{\"value\":%.2f,\"unit\":\"%%/m\"},\"alarm\":%b}",
                        air.smokePercent(),
                        alarm);
        if (alarm != smokeAlarm) {
            String type = alarm ? "fire.alarm.raised" : "fire.alarm.cleared";
            signals.add(signal("fire", type, now, data));
            smokeAlarm = alarm;
        } else if (due(second, FIRE_SECONDS)) {
            signals.add(signal("fire", "fire.heartbeat", now, data));
        }
    }

    private void gas(Instant now, long second, Air air, List<Signal> signals) {
        boolean alarm = air.methanePpm() > METHANE_ALARM_PPM / (gasAlarm ? 2 : 1);
        String data =
                String.format(
                        Locale.ROOT,
                        "{\"methane\":{\"value\":%.0f,\"unit\":\"[ppm]\"},\"alarm\":%b}",
                        air.methanePpm(),
                        alarm);
        if (alarm != gasAlarm) {
            String type = alarm ? "gas.alarm.raised" : "gas.alarm.cleared";
            signals.add(signal("gas", type, now, data));
            gasAlarm = alarm;
        } else if (due(second, alarm ? GAS_SECONDS / 6 : GAS_SECONDS)) {
            signals.add(signal("gas", "gas.measured", now, data));
        }
    }

    private boolean due(long second, int periodSeconds) {
        return second % Math.max(1, Math.round(periodSeconds / rate)) == 0;
    }

    private Signal signal(String sensor, String type, Instant now, String data) {
        // The room's clock is a little late, always by the same, as clocks in rooms are.
        Instant time = now.plusMillis(shift * 16L);
        return new Signal(
                room.context() + "/sensors/" + sensor,
                "io.contoso.building." + type,
                "room " + room.sign(),
                time,
                Long.toString(time.toEpochMilli()),
                data);
    }
}
