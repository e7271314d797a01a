package io.millrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.broker.BrokerConfig;
import io.millrace.connect.sink.SinksConfig;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.config.HttpConfig;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.kafka.config.KafkaConfig;
import io.millrace.gateway.mqtt.config.MqttConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerConfigTest {
    @TempDir Path folder;

    private ServerConfig read(String yaml) throws IOException {
        return Main.read(Files.writeString(folder.resolve("m.yaml"), yaml));
    }

    private List<String> problems(String yaml) {
        MillraceException e = catchThrowableOfType(MillraceException.class, () -> read(yaml));
        assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
        return e.problems().stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }

    /// What the rooms themselves take for the default, and what the reference says, is one.
    @Test
    void theDefaultsAreThoseOfTheRooms() {
        ServerConfig config = Main.read(null);
        assertThat(config.data()).isEqualTo(Path.of(".data"));
        assertThat(config.httpConfig()).isEqualTo(HttpConfig.DEFAULT);
        assertThat(config.kafka().kafkaConfig()).isEqualTo(KafkaConfig.DEFAULT);
        assertThat(config.mqtt().mqttConfig()).isEqualTo(MqttConfig.DEFAULT);
        assertThat(config.sinksConfig()).isEqualTo(SinksConfig.DEFAULT);
        for (int processors : List.of(1, 2, 8, 64)) {
            assertThat(config.brokerConfig(processors))
                    .isEqualTo(BrokerConfig.forProcessors(processors));
        }
    }

    @Test
    void everyKeyArrives() throws IOException {
        ServerConfig config =
                read(
                        """
                        data: /d
                        http:
                          address: "::1"
                          port: 1
                          hosts: [box]
                          connections: 2
                          requestTime: 3s
                          idleTime: 4m
                          reads: 5
                          tails: 6
                          receivers: 15
                        bounds:
                          event: 7KiB
                          batch: 8KiB
                          batchEvents: 9
                          inFlight: 10MiB
                          unwritten: 11MiB
                          tailEvents: 12
                          tailBytes: 13MiB
                          contexts: 14
                        """);
        assertThat(config.data()).isEqualTo(Path.of("/d"));
        HttpLimits limits =
                new HttpLimits(
                        7 << 10,
                        8 << 10,
                        9,
                        10 << 20,
                        2,
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4),
                        5,
                        6,
                        15);
        assertThat(config.httpConfig()).isEqualTo(new HttpConfig("::1", 1, List.of("box"), limits));
        BrokerConfig broker = config.brokerConfig(4);
        assertThat(broker.eventBytesMax()).isEqualTo(7 << 10);
        assertThat(broker.shard().inboxBytesMax()).isEqualTo(11 << 20);
        assertThat(broker.tail().eventsMax()).isEqualTo(12);
        assertThat(broker.tail().bytesMax()).isEqualTo(13 << 20);
        assertThat(broker.contextsMax()).isEqualTo(14);
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        ServerConfig file = read("{data: /file, http: {port: 1, tails: 7}}");
        ServerConfig both = file.with(ServerOptions.parse(List.of("--data", "/line", "--port=2")));
        assertThat(both.data()).isEqualTo(Path.of("/line"));
        assertThat(both.http().port()).isEqualTo(2);
        assertThat(both.http().tails()).isEqualTo(7);
        assertThat(file.with(ServerOptions.parse(List.of()))).isEqualTo(file);
    }

    @Test
    void everythingWrongIsToldAtOnceWithItsLine() {
        assertThat(
                        problems(
                                """
                                daat: /d
                                http:
                                  prot: 1
                                  requestTime: 2h
                                bounds:
                                  event: 33MiB
                                  batch: 10
                                  batchEvents: 0
                                """))
                .containsExactlyInAnyOrder(
                        "daat: is not known; did you mean \"data\"? (m.yaml, line 1)",
                        "http.prot: is not known; did you mean \"port\"? (m.yaml, line 3)",
                        "http.requestTime: must be 10ms to 1h, but is 2h (m.yaml, line 4)",
                        "bounds.event: must be 1KiB to 32MiB, but is 33MiB (m.yaml, line 6)",
                        "bounds.batch: must be a whole number of bytes with its unit, such as"
                                + " 10GB, 512MiB or 64KB, but is \"10\" (m.yaml, line 7)",
                        "bounds.batchEvents: must be a whole number from 1 to 1000000 (m.yaml,"
                                + " line 8)");
    }

    @Test
    void everyKeyOfKafkaArrives() throws IOException {
        ServerConfig config =
                read(
                        """
                        kafka:
                          port: 9093
                          advertisedHost: events.example
                          advertisedPort: 443
                          createTopics: false
                          partitions: 7
                          below: /org/kafka
                          durability: buffered
                          initialRebalanceDelay: 0s
                          request: 2MiB
                          inFlight: 20MiB
                        """);
        assertThat(config.kafka().enabled()).isTrue();
        assertThat(config.kafka().kafkaConfig().advertised())
                .isEqualTo(new KafkaConfig.Advertised("events.example", 443));
        assertThat(config.kafka().kafkaConfig().initialRebalanceDelay()).isZero();
        assertThat(config.kafka().kafkaConfig().limits().requestBytesMax()).isEqualTo(2 << 20);
        assertThat(config.kafka().topicSettings().partitions()).isEqualTo(7);
        assertThat(config.kafka().topicSettings().below()).hasToString("/org/kafka");
        assertThat(problems("kafka: {request: 2MiB, inFlight: 1MiB, address: 192.0.2.1}"))
                .hasSize(2);
    }

    @Test
    void whoTakesAnyPortTakesAnyForKafkaToo() throws IOException {
        ServerConfig config = read("kafka: {port: 9093}");
        assertThat(config.with(ServerOptions.parse(List.of())).kafka().port()).isEqualTo(9093);
        assertThat(config.with(ServerOptions.parse(List.of("--port", "0"))).kafka().port())
                .isZero();
        ServerConfig mqtt = read("mqtt: {port: 1884}");
        assertThat(mqtt.with(ServerOptions.parse(List.of())).mqtt().port()).isEqualTo(1884);
        assertThat(mqtt.with(ServerOptions.parse(List.of("--port", "0"))).mqtt().port()).isZero();
        List<String> one = List.of("--port", "0", "--mqtt-port", "1885");
        assertThat(mqtt.with(ServerOptions.parse(one)).mqtt().port()).isEqualTo(1885);
        List<String> both = List.of("--port", "0", "--kafka-port", "9094");
        assertThat(config.with(ServerOptions.parse(both)).kafka().port()).isEqualTo(9094);
    }

    @Test
    void everyKeyOfSinksArrives() throws IOException {
        ServerConfig config =
                read(
                        """
                        sinks:
                          allow: [10.0.0.0/8, hooks.internal]
                          plain: [10.1.0.0/16]
                          loops: 3
                          origin: events.example
                          callback: https://events.example/millrace/
                        """);
        assertThat(config.sinksConfig())
                .isEqualTo(
                        new SinksConfig(
                                List.of("10.0.0.0/8", "hooks.internal"),
                                List.of("10.1.0.0/16"),
                                3,
                                Duration.ofSeconds(30),
                                "events.example",
                                "https://events.example/millrace/"));
    }

    @Test
    void sinksThatMakeNoSenseAreRefused() {
        assertThat(
                        problems(
                                "sinks: {allow: [127.0.0.1, 10.0.0.0/99, a b], origin: a b,"
                                        + " plain: [10.0.0.1, c d], callback: ftp://x}"))
                .hasSize(5)
                .anyMatch(problem -> problem.startsWith("sinks.plain[1]: must be a host name"))
                .anyMatch(problem -> problem.startsWith("sinks.callback: must begin with https"))
                .anyMatch(problem -> problem.startsWith("sinks.allow[1]: must be an address"))
                .anyMatch(problem -> problem.startsWith("sinks.allow[2]: must be a host name"))
                .anyMatch(problem -> problem.startsWith("sinks.origin: the origin must be"));
    }

    @Test
    void boundsThatWouldContradictEachOtherAreRefused() {
        assertThat(
                        problems(
                                """
                                bounds:
                                  batch: 20MiB
                                  inFlight: 39MiB
                                  unwritten: 40MiB
                                  tailBytes: 1MiB
                                """))
                .containsExactly(
                        "bounds.inFlight: must be at least 40MiB, twice the largest that may come,"
                                + " but is 39MiB (m.yaml, line 3)",
                        "bounds.tailBytes: must be at least 2MiB, twice the largest that may come,"
                                + " but is 1MiB (m.yaml, line 5)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "\"::\"", "192.0.2.1", "10.1.2.3"})
    void otherAddressesThanTheLoopbackAreRefused(String address) {
        assertThat(problems("http:\n  address: " + address))
                .singleElement()
                .asString()
                .startsWith("http.address: ")
                .contains("can be reached from other machines")
                .endsWith("(m.yaml, line 2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "\"::1\"", "localhost"})
    void loopbackAddressesAreTaken(String address) throws IOException {
        assertThat(read("http: {address: %s}".formatted(address)).httpConfig().address())
                .isEqualTo(address.replace("\"", ""));
    }

    @Test
    void hostsAreNames() {
        assertThat(problems("http: {hosts: ['http://box']}"))
                .singleElement()
                .asString()
                .startsWith("http.hosts: ")
                .contains("is not a host name");
    }

    @Test
    void textThatIsNoYamlIsPlaced() {
        assertThat(problems("a: [1\nb: 2\n"))
                .singleElement()
                .asString()
                .startsWith("m.yaml: line 2, column ");
        assertThat(problems("http: {port: 1}\n---\nhttp: {port: 2}\n"))
                .containsExactly("m.yaml: the file must hold one document only");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        MillraceException e =
                catchThrowableOfType(
                        MillraceException.class, () -> Main.read(folder.resolve("no.yaml")));
        assertThat(e.problems())
                .singleElement()
                .hasToString("--config: %s does not exist".formatted(folder.resolve("no.yaml")));
    }
}
