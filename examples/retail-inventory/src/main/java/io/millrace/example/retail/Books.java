package io.millrace.example.retail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the suppliers have said, kept in plain Java, to compare the tables with. Thread-safe.
final class Books {
    private final Map<String, Change> latest = new TreeMap<>();

    synchronized void note(List<Change> changes) {
        changes.forEach(change -> latest.put(change.key(), change));
    }

    /// How many pieces of an article there are at all locations.
    synchronized int total(String sku) {
        return latest.values().stream()
                .filter(change -> change.sku().equals(sku))
                .mapToInt(Change::quantity)
                .sum();
    }

    /// Says what is wrong in the tables; empty if nothing is.
    synchronized List<String> compare(Map<String, Integer> store, Map<String, Integer> webshop) {
        Map<String, Integer> byKey = new TreeMap<>();
        Map<String, Integer> bySku = new TreeMap<>();
        latest.forEach((key, change) -> {
            byKey.put(key, change.quantity());
            bySku.merge(change.sku(), change.quantity(), Integer::sum);
        });
        List<String> wrong = new ArrayList<>(differences("store-stock", byKey, store));
        wrong.addAll(differences("webshop-stock", bySku, webshop));
        return wrong;
    }

    private static List<String> differences(
            String table, Map<String, Integer> expected, Map<String, Integer> found) {
        List<String> wrong = new ArrayList<>();
        expected.forEach((key, quantity) -> {
            if (!quantity.equals(found.get(key))) {
                wrong.add(
                        "%s: %s is %s instead of %d"
                                .formatted(table, key, found.get(key), quantity));
            }
        });
        found.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .forEach(key -> wrong.add("%s: %s is unknown".formatted(table, key)));
        return wrong;
    }
}
