package io.millrace.example.markets;

import java.time.Instant;

/// Somebody says that a price will rise (1) or fall (-1) from now on.
record Signal(String id, String symbol, int direction, double price, Instant time) {
    /// As a CloudEvent in the JSON format.
    String toCloudEvent() {
        return """
        {"specversion":"1.0","id":"%s","source":"/markets/signals/%s","type":"io.markets.signal",\
        "time":"%s","datacontenttype":"application/json",\
        "data":{"symbol":"%s","direction":%d,"price":%s}}\
        """
                .formatted(id, symbol, time, symbol, direction, price);
    }
}
