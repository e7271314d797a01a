package io.millrace.event.filter;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Quoted;
import io.millrace.event.format.MediaTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// An event while filters look at it: its JSON data is parsed at the first question about it and at
/// most once, however many filters ask. Owned by one thread.
///
/// Data is JSON if `datacontenttype` says so (`*/json`, `*/*+json`) and it parses as exactly one
/// value. An event without `datacontenttype` has data that nobody knows the meaning of.
public final class EventView {
    /// Every digit counts: numbers with a fraction or an exponent are decimals, not doubles.
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readerFor(JsonNode.class);

    private final Event event;
    private boolean parsed;
    private @Nullable JsonNode data;
    private String withoutData = "";

    public EventView(Event event) {
        this.event = event;
    }

    public Event event() {
        return event;
    }

    /// The event's data; `null` if it has none or it is not JSON.
    public @Nullable JsonNode data() {
        if (!parsed) {
            parsed = true;
            data = parse();
        }
        return data;
    }

    /// Why [#data] gives nothing, as the beginning of a sentence; empty if it gives something.
    String withoutData() {
        data();
        return withoutData;
    }

    private @Nullable JsonNode parse() {
        Bytes bytes = event.data();
        if (bytes == null) {
            withoutData = "the event has no data";
            return null;
        }
        String contentType = event.dataContentType();
        if (contentType == null) {
            withoutData = "the event has no datacontenttype that says its data is JSON";
            return null;
        }
        if (!MediaTypes.isJson(contentType)) {
            withoutData =
                    "the data is not JSON but \"%s\"".formatted(Quoted.shortened(contentType));
            return null;
        }
        try {
            JsonNode root =
                    JSON.readValue(bytes.backingArray(), bytes.backingStart(), bytes.length());
            if (root == null || root.isMissingNode()) {
                withoutData = "the data is empty";
                return null;
            }
            return root;
        } catch (JacksonException _) {
            withoutData = "the data says it is JSON, but cannot be read";
            return null;
        }
    }
}
