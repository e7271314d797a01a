package io.millrace.event.filter.cesql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLSchema;

/// The test kit of the CESQL specification (repository cloudevents/spec, folder cesql/cesql_tck),
/// where it is at hand: the folder `cesql_tck` below the one that the system property or
/// environment variable `MILLRACE_DATA` names.
final class CesqlTestKitTest {
    private static final int CASES = 275;

    private final YAMLMapper yaml =
            new YAMLMapper(YAMLFactory.builder().yamlSchema(YAMLSchema.CORE).build());

    @TestFactory
    Stream<DynamicTest> testKit() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            JsonNode kit = yaml.readTree(Files.readString(file));
            for (JsonNode each : kit.get("tests").values()) {
                String name = kit.get("name").asString() + ": " + each.get("name").asString();
                tests.add(DynamicTest.dynamicTest(name, () -> run(each)));
            }
        }
        assertThat(tests).hasSizeGreaterThanOrEqualTo(CASES);
        return tests.stream();
    }

    private static List<Path> files() throws IOException {
        String named =
                Optional.ofNullable(System.getProperty("MILLRACE_DATA"))
                        .or(() -> Optional.ofNullable(System.getenv("MILLRACE_DATA")))
                        .orElse("../../shared/data");
        Path folder = Path.of(named).resolve("cesql_tck");
        Assumptions.assumeTrue(
                Files.isDirectory(folder),
                () ->
                        "no folder "
                                + folder.toAbsolutePath().normalize()
                                + "; MILLRACE_DATA names another place");
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    private static void run(JsonNode test) {
        CesqlResult result = evaluated(test.get("expression").asString(), event(test));
        JsonNode error = test.path("error");
        assertThat(word(result.error()))
                .as(result.detail())
                .isEqualTo(error.isMissingNode() ? "" : error.asString());
        JsonNode expected = test.path("result");
        if (!expected.isMissingNode()) {
            assertThat(result.value()).isEqualTo(value(expected));
        }
    }

    private static CesqlResult evaluated(String expression, Event event) {
        try {
            return CesqlExpression.parse(expression).evaluate(event);
        } catch (CesqlSyntaxException e) {
            return new CesqlResult(false, CesqlErrorKind.PARSE, e.getMessage());
        }
    }

    private static String word(@Nullable CesqlErrorKind kind) {
        if (kind == null) {
            return "";
        }
        String[] words = kind.name().toLowerCase(Locale.ROOT).split("_", -1);
        return words.length == 1
                ? words[0]
                : words[0]
                        + words[1].substring(0, 1).toUpperCase(Locale.ROOT)
                        + words[1].substring(1);
    }

    private static Object value(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isInt() ? (Object) node.intValue() : node.asString();
    }

    private static Event event(JsonNode test) {
        EventBuilder event = Event.builder().id("1").source("/test").type("com.example.test");
        JsonNode given = test.has("event") ? test.get("event") : test.path("eventOverrides");
        if (!(given instanceof MissingNode)) {
            given.forEachEntry((name, value) -> {
                if (value.isBoolean()) {
                    event.extension(name, new BooleanValue(value.booleanValue()));
                } else if (value.isInt()) {
                    event.extension(name, new IntegerValue(value.intValue()));
                } else {
                    event.attribute(name, value.asString());
                }
            });
        }
        return event.build();
    }
}
