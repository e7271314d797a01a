package io.millrace.example.retail;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;

/// The example as a program: sets everything up, lets the suppliers tell changes, and measures.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            String kafka = Objects.requireNonNullElse(System.getenv("MILLRACE_KAFKA"), "");
            options = Options.parse(kafka.isEmpty() ? "127.0.0.1:9092" : kafka, arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("retail-inventory: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        try {
            System.exit(run(options));
        } catch (ConnectException _) {
            System.err.printf("retail-inventory: nobody listens at %s%n", options.server());
            System.exit(1);
        }
    }

    private static int run(Options options) throws IOException, InterruptedException {
        // Kafka's client would say that nobody reads its log.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        try (MillraceClient millrace = new MillraceClient(options.server())) {
            System.out.println("retail-inventory: sets up; the query engine takes some seconds");
            millrace.apply(resources());
            try (KafkaProducer<String, String> kafka = producer(options.kafka())) {
                List<Supplier> suppliers =
                        List.of(
                                new Supplier.Nordhandel(millrace),
                                new Supplier.Suedmarkt(millrace),
                                new Supplier.Westkauf(kafka));
                return new Shop(millrace, suppliers, options, System.out).run();
            }
        }
    }

    private static KafkaProducer<String, String> producer(String address) {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address),
                new StringSerializer(),
                new StringSerializer());
    }

    static String resources() throws IOException {
        try (InputStream in = Main.class.getResourceAsStream("resources.yaml")) {
            if (in == null) {
                throw new IOException("resources.yaml is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
