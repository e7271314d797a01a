package io.millrace.example.building41;

import java.time.Instant;

/// What a sensor has captured, on its way to become an event.
///
/// @param context where it belongs; also the event's `source`, as the sensor is the one who speaks
/// @param type the event's type
/// @param subject the room's sign
/// @param time when it was captured
/// @param id unique for this context
/// @param data a JSON object
public record Signal(
        String context, String type, String subject, Instant time, String id, String data) {
    /// The signal as a CloudEvent in the JSON format.
    public String toCloudEvent() {
        return """
        {"specversion":"1.0","id":"%s","source":"%s","type":"%s","subject":"%s","time":"%s",\
        "datacontenttype":"application/json","data":%s}\
        """
                .formatted(id, context, type, subject, time, data);
    }
}
