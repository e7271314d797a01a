package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConfigReaderTest {
    public enum Mode {
        FAST,
        VERY_SAFE
    }

    public record Listener(
            @Key(doc = "Where to listen.") String host,
            @Key(doc = "The port.", def = "8080", min = 1, max = 65_535) int port) {}

    public record Storage(
            @Key(doc = "Where the data is.", def = ".data") Path folder,
            @Key(doc = "Size of a segment.", def = "256MiB") ByteSize segment,
            @Key(doc = "Longest wait | before a flush.", def = "5ms") Duration linger) {
        public Storage {
            if (segment.bytes() < 1024) {
                throw new IllegalArgumentException("segment must be at least 1KiB");
            }
        }
    }

    public record Settings(
            @Key(doc = "What it is called.") String name,
            @Key(doc = "How it works.", def = "very-safe") Mode mode,
            @Key(doc = "Whether to say more.", def = "false") boolean verbose,
            @Key(doc = "Most events kept.", def = "5000000000") long events,
            @Key(doc = "Where metrics go, if anywhere.") @Nullable String metrics,
            @Key(doc = "Storage.") Storage storage,
            @Key(doc = "Archive, if any.") @Nullable Storage archive,
            @Key(doc = "Listeners.") List<Listener> listeners,
            @Key(doc = "Labels.") List<String> labels) {}

    private final ConfigReader reader = new ConfigReader();

    @Test
    void everythingThatIsNotWrittenHasItsDefault() {
        Storage storage =
                new Storage(Path.of(".data"), new ByteSize(256 << 20), Duration.ofMillis(5));
        assertThat(read("name: x"))
                .isEqualTo(
                        new Settings(
                                "x",
                                Mode.VERY_SAFE,
                                false,
                                5_000_000_000L,
                                null,
                                storage,
                                null,
                                List.of(),
                                List.of()));
        assertThat(reader.defaults(Storage.class)).isEqualTo(storage);
    }

    @Test
    void readsEveryType() {
        Settings settings =
                read(
                        """
                        name: mill
                        mode: fast
                        verbose: true
                        events: 7
                        metrics: /metrics
                        storage: {folder: /data, segment: 1MB, linger: 1s}
                        archive: {}
                        listeners:
                          - host: localhost
                          - host: "::1"
                            port: 9092
                        labels: [a, b]
                        """);
        assertThat(settings.mode()).isEqualTo(Mode.FAST);
        assertThat(settings.storage().segment()).isEqualTo(new ByteSize(1_000_000));
        assertThat(settings.archive()).isEqualTo(reader.defaults(Storage.class));
        assertThat(settings.listeners())
                .containsExactly(new Listener("localhost", 8080), new Listener("::1", 9092));
        assertThat(settings.labels()).containsExactly("a", "b");
    }

    @Test
    void reportsEverythingThatIsWrongAtOnce() {
        MillraceException e =
                catchThrowableOfType(
                        MillraceException.class,
                        () ->
                                read(
                                        """
                                        mode: fats
                                        verbose: yes
                                        events: -1
                                        metrics: 5
                                        storage:
                                          segment: 256
                                          lingre: 1s
                                          linger: 1 second
                                        archive: {segment: 1B}
                                        listeners: [{host: a, port: 70000}, {port: 1}, x]
                                        labels: a
                                        colour: red
                                        """));
        assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
        assertThat(e.problems().stream().map(Object::toString))
                .containsExactlyInAnyOrder(
                        "name: is missing",
                        "mode: must be one of fast, very-safe, but is \"fats\"; did you mean"
                                + " \"fast\"?",
                        "verbose: must be true or false",
                        "events: must be a whole number of at least 0",
                        "metrics: must be text; put it in quotes",
                        "storage.segment: must be a whole number of bytes with its unit, such as"
                                + " 10GB, 512MiB or 64KB, but is \"256\"",
                        "storage.linger: must be a duration such as 7d, 12h, 30s or 250ms, but is"
                                + " \"1 second\"",
                        "storage.lingre: is not known; did you mean \"linger\"?",
                        "archive: segment must be at least 1KiB",
                        "listeners[0].port: must be a whole number from 1 to 65535",
                        "listeners[1].host: is missing",
                        "listeners[2]: must have keys and values of its own",
                        "labels: must be a list",
                        "colour: is not known; known are name, mode, verbose, events, metrics,"
                                + " storage, archive, listeners, labels");
    }

    @Test
    void theReferenceTellsEveryKey() {
        assertThat(ConfigReference.markdown(Settings.class))
                .isEqualTo(
                        """
                        | key | type | default | meaning |
                        |---|---|---|---|
                        | `name` | text | required | What it is called. |
                        | `mode` | `fast`, `very-safe` | `very-safe` | How it works. |
                        | `verbose` | `true`, `false` | `false` | Whether to say more. |
                        | `events` | number, at least 0 | `5000000000` | Most events kept. |
                        | `metrics` | text |  | Where metrics go, if anywhere. |
                        | `storage` | section |  | Storage. |
                        | `storage.folder` | path | `.data` | Where the data is. |
                        | `storage.segment` | size | `256MiB` | Size of a segment. |
                        | `storage.linger` | duration | `5ms` | Longest wait \\| before a flush. |
                        | `archive` | section |  | Archive, if any. |
                        | `archive.folder` | path | `.data` | Where the data is. |
                        | `archive.segment` | size | `256MiB` | Size of a segment. |
                        | `archive.linger` | duration | `5ms` | Longest wait \\| before a flush. |
                        | `listeners[]` | list |  | Listeners. |
                        | `listeners[].host` | text | required | Where to listen. |
                        | `listeners[].port` | number, 1 to 65535 | `8080` | The port. |
                        | `labels` | list of text |  | Labels. |
                        """);
    }

    private Settings read(String yaml) {
        return reader.read(Settings.class, Bytes.utf8(yaml));
    }
}
