package io.millrace.example.toll;

import java.math.BigDecimal;
import java.time.Instant;

/// What happens on the toll road. Each becomes an event.
sealed interface Happening {
    String plate();

    Instant time();

    /// As a CloudEvent in the JSON format. Its source is the context where it is published.
    String toCloudEvent();

    /// A car comes to a booth and pays.
    record Entry(int booth, String plate, String make, String model, BigDecimal toll, Instant time)
            implements Happening {
        /// The event's id, and the key of the entry in views.
        String id() {
            return "%s %s".formatted(plate, time);
        }

        @Override
        public String toCloudEvent() {
            String data =
                    "{\"TollId\":%d,\"LicensePlate\":%s,\"Make\":%s,\"Model\":%s,\"Toll\":%s}"
                            .formatted(
                                    booth,
                                    Json.quote(plate),
                                    Json.quote(make),
                                    Json.quote(model),
                                    toll.toPlainString());
            return event(id(), "/toll/booth/" + booth + "/entries", "entry", time, data);
        }
    }

    /// A car leaves.
    record Exit(int booth, String plate, Instant time) implements Happening {
        @Override
        public String toCloudEvent() {
            String data = "{\"TollId\":%d,\"LicensePlate\":%s}".formatted(booth, Json.quote(plate));
            String id = plate + " " + time;
            return event(id, "/toll/booth/" + booth + "/exits", "exit", time, data);
        }
    }

    /// A car is registered, or its registration expires.
    record Registration(long number, String plate, boolean expired, Instant time)
            implements Happening {
        @Override
        public String toCloudEvent() {
            String data =
                    "{\"LicensePlate\":%s,\"RegistrationId\":%d,\"Expired\":\"%d\"}"
                            .formatted(Json.quote(plate), number, expired ? 1 : 0);
            String id = number + " " + time;
            return event(id, "/toll/registrations", "registration", time, data);
        }
    }

    private static String event(String id, String context, String type, Instant time, String data) {
        return """
        {"specversion":"1.0","id":%s,"source":"%s","type":"io.toll.%s","time":"%s",\
        "datacontenttype":"application/json","data":%s}\
        """
                .formatted(Json.quote(id), context, type, time, data);
    }
}
