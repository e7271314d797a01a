package io.millrace.example.markets;

import java.math.BigDecimal;
import java.time.Instant;

/// A trade, or what becomes an event in the context of its symbol.
record Trade(String symbol, String side, BigDecimal price, BigDecimal amount, Instant time) {
    /// As a CloudEvent in the JSON format.
    ///
    /// @param id unique among all trades
    String toCloudEvent(String id) {
        return """
        {"specversion":"1.0","id":"%s","source":"/markets/trades/%s","type":"io.markets.trade",\
        "time":"%s","datacontenttype":"application/json",\
        "data":{"side":"%s","price":%s,"amount":%s}}\
        """
                .formatted(id, symbol, time, side, price.toPlainString(), amount.toPlainString());
    }
}
