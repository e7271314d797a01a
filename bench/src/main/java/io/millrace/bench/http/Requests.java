package io.millrace.bench.http;

import io.millrace.event.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Publishes in binary mode, made in advance, so that the load costs the machine little.
public final class Requests {
    private final List<byte[]> all;
    private int next;

    private Requests(List<byte[]> all) {
        this.all = all;
    }

    /// One event after the other in 24 rooms of a building.
    public static Requests building() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            int floor = i % 3;
            all.add(
                    publish(
                            Context.of(
                                    "/org/contoso/building/41/floor/%d/room/%d"
                                            .formatted(floor, i % 24)),
                            i));
        }
        return new Requests(all);
    }

    /// One event in each of so many contexts, below so many mounts (`/m/0`, `/m/1`, …), in a
    /// scattered order.
    static Requests contexts(int mounts, int contexts) {
        List<byte[]> all = new ArrayList<>();
        // A stride without a common divisor visits each context once, no two neighbours in a row.
        long stride = 7919;
        for (int i = 0; i < contexts; i++) {
            int n = (int) (i * stride % contexts);
            all.add(
                    publish(
                            Context.of("/m/%d/group/%d/thing/%d".formatted(n % mounts, n / 97, n)),
                            i));
        }
        return new Requests(all);
    }

    byte[] next() {
        byte[] request = all.get(next);
        next = next + 1 == all.size() ? 0 : next + 1;
        return request;
    }

    static byte[] publish(Context context, long id) {
        String body = "{\"temperature\":21.5}";
        return """
        POST /events%s HTTP/1.1
        host: 127.0.0.1
        content-type: application/json
        ce-specversion: 1.0
        ce-id: %d
        ce-source: /sensors/climate
        ce-type: climate.v1
        ce-time: 2026-03-01T12:00:00.5Z
        content-length: %d

        %s\
        """
                .formatted(context.path(), id, body.length(), body)
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
