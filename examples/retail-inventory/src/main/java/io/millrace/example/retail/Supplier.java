package io.millrace.example.retail;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Somebody who tells changes of his stock in his own way. Each delivers to locations of his own.
/// Used by one thread.
sealed interface Supplier {
    String name();

    /// Where he delivers.
    List<String> locations();

    /// Tells changes; returns when Millrace has stored them.
    void tell(List<Change> changes) throws IOException, InterruptedException;

    /// Batches of CloudEvents over HTTP, structured; his stores count pieces.
    record Nordhandel(MillraceClient millrace) implements Supplier {
        @Override
        public String name() {
            return "nordhandel";
        }

        @Override
        public List<String> locations() {
            return List.of("berlin", "rostock");
        }

        @Override
        public void tell(List<Change> changes) throws IOException, InterruptedException {
            millrace.publishBatch(
                    changes.stream()
                            .map(Nordhandel::event)
                            .collect(Collectors.joining(",\n", "[", "]")));
        }

        static String event(Change change) {
            return """
            {"specversion":"1.0","id":"%s","source":"/suppliers/nordhandel/%s",\
            "type":"com.nordhandel.counted","time":"%s","datacontenttype":"application/json",\
            "data":{"article":"%s","store":"%s","onHand":%d}}\
            """
                    .formatted(
                            UUID.randomUUID(),
                            change.location(),
                            Instant.now(),
                            change.sku(),
                            change.location(),
                            change.quantity());
        }
    }

    /// A JSON document for each delivery note over plain HTTP, with headers that say what it is;
    /// his warehouses count cases, and what is left over as cases of one.
    record Suedmarkt(MillraceClient millrace) implements Supplier {
        private static final int CASE = 12;

        @Override
        public String name() {
            return "suedmarkt";
        }

        @Override
        public List<String> locations() {
            return List.of("munich", "ulm");
        }

        @Override
        public void tell(List<Change> changes) throws IOException, InterruptedException {
            for (String warehouse : locations()) {
                List<Change> here =
                        changes.stream()
                                .filter(change -> change.location().equals(warehouse))
                                .toList();
                if (!here.isEmpty()) {
                    millrace.publish(
                            "/suppliers/suedmarkt/" + warehouse,
                            "com.suedmarkt.note",
                            note(warehouse, here));
                }
            }
        }

        static String note(String warehouse, List<Change> changes) {
            return changes.stream()
                    .map(Suedmarkt::line)
                    .collect(
                            Collectors.joining(
                                    ",",
                                    "{\"warehouse\":\"%s\",\"lines\":[".formatted(warehouse),
                                    "]}"));
        }

        private static String line(Change change) {
            boolean isWhole = change.quantity() % CASE == 0;
            return String.format(
                    Locale.ROOT,
                    "{\"ean\":\"%s\",\"cases\":%d,\"perCase\":%d}",
                    change.sku(),
                    isWhole ? change.quantity() / CASE : change.quantity(),
                    isWhole ? CASE : 1);
        }
    }

    /// Records of a Kafka topic: location and article are the key, the quantity is a text.
    record Westkauf(Producer<String, String> kafka) implements Supplier {
        static final String TOPIC = "westkauf-stock";

        @Override
        public String name() {
            return "westkauf";
        }

        @Override
        public List<String> locations() {
            return List.of("hamburg", "cologne");
        }

        @Override
        public void tell(List<Change> changes) throws IOException, InterruptedException {
            List<Future<?>> sent = new ArrayList<>();
            for (Change change : changes) {
                sent.add(kafka.send(record(change)));
            }
            kafka.flush();
            for (Future<?> each : sent) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    throw new IOException("westkauf: " + e.getCause(), e);
                }
            }
        }

        static ProducerRecord<String, String> record(Change change) {
            return new ProducerRecord<>(
                    TOPIC,
                    change.location() + "|" + change.sku(),
                    "{\"Qty\":\"%d\"}".formatted(change.quantity()));
        }
    }
}
