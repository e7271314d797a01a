package io.millrace.query.nexmark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

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
        long id = 100 + people.size();
        people.add(id);
        return new Happening(
                "person",
                (int) (id % 8),
                time,
                "\"id\":%d,\"name\":\"%s\",\"email\":\"%s@example.com\",\"city\":\"%s\",\"state\":\"%s\",\"extra\":\"%s\""
                        .formatted(
                                id,
                                "Person " + letters(3),
                                letters(5),
                                any(CITIES),
                                any(STATES),
                                letters(8)));
    }

    private Happening auction(Instant time) {
        long id = 1_000 + auctions.size();
        auctions.add(id);
        return new Happening(
                "auction",
                (int) (id % 8),
                time,
                "\"id\":%d,\"item\":\"%s\",\"description\":\"%s\",\"initial_bid\":%d,\"reserve\":%d,\"expires\":\"%s\",\"seller\":%d,\"category\":%d,\"extra\":\"%s\""
                        .formatted(
                                id,
                                letters(6),
                                letters(12),
                                1 + below(100),
                                100 + below(1_000),
                                time.plusMillis(2_000L + below(40_000)),
                                anyOfTheLatest(people, 6),
                                10 + below(5),
                                letters(8)));
    }

    private Happening bid(Instant time) {
        // Now and then for one that is not open yet.
        long auction = below(40) == 0 ? 1_000 + auctions.size() : anyOfTheLatest(auctions, 9);
        boolean known = random.nextBoolean();
        String channel = known ? any(CHANNELS) : "channel-" + below(30);
        String query = known || below(3) == 0 ? "query=1" : "query=1&channel_id=" + below(900);
        return new Happening(
                "bid",
                (int) (auction % 8),
                time,
                "\"auction\":%d,\"bidder\":%d,\"price\":%d,\"channel\":\"%s\",\"url\":\"https://example.com/%s/%s/%s/item.htm?%s\",\"extra\":\"%s\""
                        .formatted(
                                auction,
                                below(3) == 0 ? any(people) : anyOfTheLatest(people, 3),
                                price(),
                                channel,
                                letters(2),
                                letters(3),
                                letters(2),
                                query,
                                letters(10)));
    }

    private long price() {
        long price = (long) Math.pow(10, 2 + random.nextDouble() * 6);
        while (!prices.add(price)) {
            price++;
        }
        return price;
    }
}
