package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.ByteSize;
import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.log.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamResourceTest {
    private static final String FULL =
            """
            kind: Stream
            name: tickets
            mount: /org/contoso/tickets
            partitions: 16
            durability: buffered
            retention:
              time: 36h
              size: 10GB
            cleanup: compact
            """;

    private final ResourceReader reader = new ResourceReader();

    @Test
    void readsEveryField() {
        assertThat(stream(FULL))
                .isEqualTo(
                        new StreamResource(
                                "tickets",
                                Context.of("/org/contoso/tickets"),
                                16,
                                Durability.BUFFERED,
                                Duration.ofHours(36),
                                new ByteSize(10_000_000_000L),
                                Cleanup.COMPACT));
    }

    @Test
    void canonicalDocumentsHaveEveryDefaultAndReadBackEqual() {
        StreamResource minimal = stream("{kind: Stream, name: a, mount: /a}");
        assertThat(minimal.toJson())
                .hasToString(
                        "{\"kind\":\"Stream\",\"name\":\"a\",\"mount\":\"/a\",\"partitions\":4,"
                                + "\"durability\":\"synced\",\"retention\":{\"time\":\"7d\","
                                + "\"size\":\"unlimited\"},\"cleanup\":\"delete\"}");
        for (String text :
                List.of(
                        FULL,
                        "{kind: Stream, name: a, mount: /}",
                        "{kind: Stream, name: a, mount: /a, retention: {time: forever, size: null}}",
                        "{kind: Stream, name: a, mount: /a, cleanup: compact}")) {
            StreamResource stream = stream(text);
            StreamResource again = stream(stream.toJson().toString());
            assertThat(again).isEqualTo(stream);
            assertThat(again.etag()).isEqualTo(stream.etag()).matches("\"[0-9a-f]{24}\"");
            assertThat(again.etag()).isNotEqualTo(minimal.etag());
        }
        assertThat(stream("{kind: Stream, name: a, mount: /a, cleanup: compact}").retentionTime())
                .isNull();
    }

    @Test
    void everyProblemOfEveryDocumentIsReported() {
        assertThat(
                        problems(
                                """
                                kind: Stream
                                name: Tickets
                                ---
                                kind: Stream
                                name: a
                                mout: /a
                                partitions: 257
                                durability: sync
                                retention: {time: 7 days, size: 0B, age: 1d}
                                ---
                                name: b
                                ---
                                {kind: Stream, name: c, mount: /a//b}
                                ---
                                {kind: Stream, name: c, mount: /a/*}
                                """))
                .containsExactlyInAnyOrder(
                        "[0].name: must be 1 to 63 of a-z, 0-9 and -, not beginning with -, but is"
                                + " \"Tickets\"",
                        "[1].mount: is missing",
                        "[1].mout: is not known; did you mean \"mount\"?",
                        "[1].partitions: must be a whole number from 1 to 256",
                        "[1].durability: must be one of synced, buffered, but is \"sync\"; did you"
                                + " mean \"synced\"?",
                        "[1].retention.time: must be a duration such as 7d, 12h, 30s or 250ms, but"
                                + " is \"7 days\"",
                        "[1].retention.size: must be larger than 0B; without a limit write"
                                + " unlimited",
                        "[1].retention.age: is not known; known are time, size",
                        "[2].kind: is missing",
                        "[3].mount: must not have empty segments; write it without a / at its end",
                        "[4].name: the file has Stream c twice",
                        "[4].mount: \"/a/*\" has the character *, which only patterns may have");
    }

    @ParameterizedTest
    @CsvSource({
        "a, true",
        "0-9, true",
        "a-, true",
        "-a, false",
        "A, false",
        "a_b, false",
        "'', false",
        "ä, false"
    })
    void names(String name, boolean valid) {
        assertThat(ResourceReader.isName(name)).isEqualTo(valid);
        assertThat(ResourceReader.isName("a".repeat(63))).isTrue();
        assertThat(ResourceReader.isName("a".repeat(64))).isFalse();
    }

    @Test
    void theAddressTellsKindAndName() {
        Bytes body = Bytes.utf8("{\"mount\":\"/a\"}");
        ResourceDocument document = reader.readOne(body, Format.JSON, "Stream", "a");
        assertThat(document.tree())
                .hasToString("{\"mount\":\"/a\",\"kind\":\"Stream\",\"name\":\"a\"}");
        Bytes other = Bytes.utf8("{\"kind\":\"Queue\",\"name\":7}");
        MillraceException e =
                catchThrowableOfType(
                        MillraceException.class,
                        () -> reader.readOne(other, Format.JSON, "Stream", "a"));
        assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(e).hasMessage("kind: must be \"Stream\", as in the address");
    }

    @Test
    void aDiffHasOneLineForEachChangedField() {
        StreamResource before = stream(FULL);
        StreamResource after = stream(FULL.replace("36h", "14d").replace("buffered", "synced"));
        assertThat(ResourceDiff.between(before.toJson(), after.toJson()))
                .hasToString("~ durability: buffered -> synced\n~ retention.time: 36h -> 14d\n");
        assertThat(ResourceDiff.between(before.toJson(), before.toJson()).isEmpty()).isTrue();
        assertThat(ResourceDiff.between(null, after.toJson()).toString())
                .startsWith("+ kind: Stream\n+ name: tickets\n")
                .contains("+ retention.time: 14d\n");
        assertThat(ResourceDiff.between(after.toJson(), null).toString())
                .contains("- partitions: 16\n");
    }

    private StreamResource stream(String text) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        List<ResourceDocument> documents = reader.read(Bytes.utf8(text), Format.YAML, problems);
        problems.throwIfAny();
        StreamResource stream = StreamResource.read(documents.getFirst(), problems);
        problems.throwIfAny();
        return Objects.requireNonNull(stream);
    }

    private List<String> problems(String text) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        List<String> all = new ArrayList<>();
        for (ResourceDocument document : reader.read(Bytes.utf8(text), Format.YAML, problems)) {
            StreamResource.read(document, problems);
        }
        problems.problems().forEach(problem -> all.add(problem.toString()));
        return all;
    }
}
