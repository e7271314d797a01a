package io.millrace.query.nexmark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Makes people who open auctions and bid in those of others: of 50 events one is a person, three
/// are auctions, the rest bids. The same seed makes the same events. They happen around midnight,
/// around eight in the morning and around eight in the evening, two minutes each. No two happen in
/// the same millisecond, and no two bids are equal, so that results leave nothing to chance.
final class AuctionHouse {
    /// How far events are out of order at most, in milliseconds.
    static final int DISORDER_MILLIS = 3_000;

    private static final List<Instant> BEGINNINGS =
            List.of(
                    Instant.parse("2026-02-28T23:59:00Z"),
                    Instant.parse("2026-03-01T07:59:00Z"),
                    Instant.parse("2026-03-01T19:59:00Z"));
    private static final int EVENTS_EACH = 1_200;
    private static final int STEP_MILLIS = 100;
    private static final List<String> STATES = List.of("OR", "ID", "CA", "WA", "AZ", "WY");
    private static final List<String> CITIES = List.of("Portland", "Boise", "Bend", "Kent", "Mesa");
    private static final List<String> CHANNELS = List.of("apple", "Google", "facebook", "Baidu");

    private final SplittableRandom random;
    private final List<Long> people = new ArrayList<>();
    private final List<Long> auctions = new ArrayList<>();
    private final Set<Long> prices = new HashSet<>();

    AuctionHouse(long seed) {
        random = new SplittableRandom(seed);
    }

    /// @param type `person`, `auction` or `bid`
    /// @param place a part of its context, so that they are spread over partitions
    /// @param fields its data, as JSON without the braces
    record Happening(String type, int place, Instant time, String fields) {}

    private record Told(Happening happening, long at) {}

    /// The events as they are told, which is not quite the order in which they happen.
    List<Happening> events() {
        List<Told> told = new ArrayList<>();
        for (Instant beginning : BEGINNINGS) {
            for (int i = 0; i < EVENTS_EACH; i++) {
                Instant time = beginning.plusMillis(i * (long) STEP_MILLIS + below(STEP_MILLIS));
                Happening happening =
                        switch (i % 50) {
                            case 0 -> person(time);
                            case 1, 17, 33 -> auction(time);
                            default -> bid(time);
                        };
                told.add(new Told(happening, time.toEpochMilli() + below(DISORDER_MILLIS)));
            }
        }
        told.sort(Comparator.comparingLong(Told::at));
        return told.stream().map(Told::happening).toList();
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    private <T> T any(List<T> list) {
        return list.get(below(list.size()));
    }

    private <T> T anyOfTheLatest(List<T> list, int count) {
        return list.get(Math.max(0, list.size() - 1 - below(count)));
    }

    private String letters(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + below(6)));
        }
        return text.toString();
    }

    private Happening person(Instant time) {
        long id = 100L + people.size();
        people.add(id);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("name", "Person " + letters(3));
        fields.put("email", letters(5) + "@example.com");
        fields.put("city", any(CITIES));
        fields.put("state", any(STATES));
        fields.put("extra", letters(8));
        return happening("person", id, time, fields);
    }

    private Happening auction(Instant time) {
        long id = 1_000L + auctions.size();
        auctions.add(id);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("item", letters(6));
        fields.put("description", letters(12));
        fields.put("initial_bid", 1 + below(100));
        fields.put("reserve", 100 + below(1_000));
        fields.put("expires", time.plusMillis(2_000L + below(40_000)).toString());
        fields.put("seller", anyOfTheLatest(people, 6));
        fields.put("category", 10 + below(5));
        fields.put("extra", letters(8));
        return happening("auction", id, time, fields);
    }

    private Happening bid(Instant time) {
        // Now and then for one that is not open yet.
        long auction = below(40) == 0 ? 1_000L + auctions.size() : anyOfTheLatest(auctions, 9);
        boolean known = random.nextBoolean();
        String query = known || below(3) == 0 ? "query=1" : "query=1&channel_id=" + below(900);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("auction", auction);
        fields.put("bidder", below(3) == 0 ? any(people) : anyOfTheLatest(people, 3));
        fields.put("price", price());
        fields.put("channel", known ? any(CHANNELS) : "channel-" + below(30));
        fields.put(
                "url",
                "https://example.com/%s/%s/%s/item.htm?%s"
                        .formatted(letters(2), letters(3), letters(2), query));
        fields.put("extra", letters(10));
        return happening("bid", auction, time, fields);
    }

    private static Happening happening(
            String type, long id, Instant time, Map<String, Object> fields) {
        String json =
                fields.entrySet().stream()
                        .map(field ->
                                (field.getValue() instanceof String ? "\"%s\":\"%s\"" : "\"%s\":%s")
                                        .formatted(field.getKey(), field.getValue()))
                        .collect(Collectors.joining(","));
        return new Happening(type, (int) (id % 8), time, json);
    }

    private long price() {
        long price = (long) Math.pow(10, 2 + random.nextDouble() * 6);
        while (!prices.add(price)) {
            price++;
        }
        return price;
    }
}
