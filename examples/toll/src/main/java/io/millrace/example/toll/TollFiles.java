package io.millrace.example.toll;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Reads what happened from `Entry.json`, `Exit.json` and `Registration.json`, each an array.
final class TollFiles {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TollFiles() {}

    /// Everything by its time; what is registered, before the first car.
    static List<Happening> read(Path folder) throws IOException {
        List<Happening> cars = new ArrayList<>();
        for (Map<String, Object> entry : objects(folder.resolve("Entry.json"))) {
            cars.add(
                    new Happening.Entry(
                            number(entry, "TollId").intValueExact(),
                            Json.textIn(entry, "LicensePlate"),
                            Json.textIn(entry, "Make"),
                            Json.textIn(entry, "Model"),
                            number(entry, "Toll"),
                            Instant.parse(Json.textIn(entry, "EntryTime"))));
        }
        for (Map<String, Object> exit : objects(folder.resolve("Exit.json"))) {
            cars.add(
                    new Happening.Exit(
                            number(exit, "TollId").intValueExact(),
                            Json.textIn(exit, "LicensePlate"),
                            Instant.parse(Json.textIn(exit, "ExitTime"))));
        }
        cars.sort(Comparator.comparing(Happening::time));
        List<Happening> all = new ArrayList<>();
        for (Map<String, Object> each : objects(folder.resolve("Registration.json"))) {
            all.add(
                    new Happening.Registration(
                            number(each, "RegistrationId").longValueExact(),
                            Json.textIn(each, "LicensePlate"),
                            Json.textIn(each, "Expired").equals("1"),
                            cars.getFirst().time()));
        }
        all.addAll(cars);
        return all;
    }

    private static List<Map<String, Object>> objects(Path file) throws IOException {
        String text = Files.readString(file);
        String array = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        return Json.objectsIn(Json.object("{\"all\":" + array + "}"), "all");
    }

    private static BigDecimal number(Map<String, Object> object, String name) {
        return new BigDecimal(Json.textIn(object, name));
    }
}
