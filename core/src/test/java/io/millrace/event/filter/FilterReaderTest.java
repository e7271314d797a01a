package io.millrace.event.filter;

import static io.millrace.event.filter.FilterDocuments.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with filters, by path.
final class FilterReaderTest {
    private static final List<String> KEYS =
            List.of(
                    "exact",
                    "prefix",
                    "suffix",
                    "all",
                    "any",
                    "not",
                    "sql",
                    "data",
                    "id",
                    "a.b",
                    "/",
                    "/~",
                    ".",
                    "",
                    "equals",
                    "in",
                    "anything-but",
                    "above",
                    "at-most",
                    "exists");

    private static final List<String> SCALARS =
            List.of(
                    "\"id = '1'\"",
                    "\"\"",
                    "\"(\"",
                    "1",
                    "-1e400",
                    "1e-999999999",
                    "true",
                    "false",
                    "null",
                    "12345678901234567890123",
                    "\"\\ud83d\"",
                    "\"a\"");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | filters: must be a list",
                "[5] | filters[0]: must have exactly one key",
                "[{}] | filters[0]: must have exactly one key",
                "[{'exact': {'id': 'a'}, 'prefix': {'id': 'a'}}] | filters[0]: must have exactly one",
                "[{'exakt': {'id': 'a'}}] | filters[0].exakt: is no dialect; there are exact, prefix",
                "[{'exact': {}}] | filters[0].exact: must have attributes",
                "[{'exact': []}] | filters[0].exact: must have attributes",
                "[{'exact': {'id': ''}}] | filters[0].exact.id: must not be empty",
                "[{'exact': {'id': 5}}] | filters[0].exact.id: must be text; put it in quotes",
                "[{'exact': {'id': null}}] | filters[0].exact.id: must be text",
                "[{'exact': {'Id': 'a'}}] | filters[0].exact.Id: is no attribute: names have",
                "[{'exact': {'': 'a'}}] | filters[0].exact.: is no attribute: names have",
                "[{'exact': {'data': 'a'}}] | filters[0].exact.data: is no attribute; for fields of",
                "[{'all': []}] | filters[0].all: must have at least one filter",
                "[{'any': {}}] | filters[0].any: must be a list of filters",
                "[{'not': []}] | filters[0].not: must have exactly one key",
                "[{'all': [{'sql': 'a'}, {'prefix': {'x': 1}}]}] | filters[0].all[1].prefix.x: must be",
                "[{'not': {'any': [{'sql': 1}]}}] | filters[0].not.any[0].sql: must be a CESQL",
                "[{'sql': 'a ='}] | filters[0].sql: at character 4: here a value",
                "[{'sql': 'NOPE(1)'}] | filters[0].sql: there is no function NOPE with 1 argument",
                "[{'data': {}}] | filters[0].data: must have fields",
                "[{'data': {'a': {}}}] | filters[0].data.a: must have at least one of equals",
                "[{'data': {'a': []}}] | filters[0].data.a: must have at least one element",
                "[{'data': {'a..b': 1}}] | filters[0].data.a..b: has an empty name",
                "[{'data': {'/a~2': 1}}] | filters[0].data./a~2: in a path that begins with /",
                "[{'data': {'a': {'over': 1}}}] | filters[0].data.a.over: is no operator; there are",
                "[{'data': {'a': {'above': '1'}}}] | filters[0].data.a.above: must be a number",
                "[{'data': {'a': {'exists': 1}}}] | filters[0].data.a.exists: must be true or false",
                "[{'data': {'a': {'prefix': ''}}}] | filters[0].data.a.prefix: must not be empty",
                "[{'data': {'a': {'equals': {}}}}] | filters[0].data.a.equals: must be a text",
                "[{'data': {'a': [1, [2]]}}] | filters[0].data.a[1]: must be a text",
                "[{'data': {'a': {'in': 1}}}] | filters[0].data.a.in: must be a list",
                "[{'data': {'a': {'anything-but': {}}}}] | filters[0].data.a.anything-but: must be",
                "[{'data': {'a': {'exists': false, 'equals': 1}}}] | filters[0].data.a: exists: false",
                "[{'data': {'a': {'above': 5, 'at-most': 5}}}] | filters[0].data.a: no number is above 5",
                "[{'data': {'a': {'at-least': 2, 'below': 1}}}] | filters[0].data.a: no number is",
            })
    void names(String list, String problem) {
        assertThat(problems(list.replace('\'', '"')))
                .singleElement()
                .asString()
                .startsWith(problem.strip());
    }

    @Test
    void reportsEverythingAtOnce() {
        assertThat(
                        problems(
                                """
                                [{"exact": {"A": "x", "id": 1}}, {"nope": 1},
                                 {"all": [{"sql": "("}, {"data": {"a": {"b": 1}, "c": {"d": 1}}}]}]\
                                """))
                .hasSize(6);
    }

    @Test
    void isBounded() {
        String deep = "{\"not\":".repeat(17) + "{\"exact\":{\"id\":\"a\"}}" + "}".repeat(17);
        assertThat(problems("[" + deep + "]")).singleElement().asString().contains("16 levels");
        String fits = "{\"not\":".repeat(15) + "{\"exact\":{\"id\":\"a\"}}" + "}".repeat(15);
        assertThat(problems("[" + fits + "]")).isEmpty();
        String one = "{\"sql\": \"TRUE\"}";
        assertThat(problems(list(1_000, one))).isEmpty();
        assertThat(problems(list(1_001, one))).singleElement().asString().contains("clause 1001");
        assertThat(problems("[{\"data\": {\"a\": " + list(5_000, "1") + "}}]")).hasSize(1);
        String longText = "x".repeat(4_097);
        assertThat(problems("[{\"exact\": {\"id\": \"%s\"}}]".formatted(longText))).hasSize(1);
        assertThat(problems("[{\"sql\": \"id = '%s'\"}]".formatted(longText))).hasSize(1);
        assertThat(problems("[{\"data\": {\"%s\": 1}}]".formatted(longText))).hasSize(1);
        assertThat(problems("[{\"data\": {\"a\": \"%s\"}}]".formatted(longText))).hasSize(1);
        String path = "a" + ".a".repeat(32);
        assertThat(problems("[{\"data\": {\"%s\": 1}}]".formatted(path))).hasSize(1);
    }

    @Test
    void anyDocumentIsReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String document = document(random, 5);
            try {
                problems(document);
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d: %s".formatted(seed, document), e);
            }
        }
    }

    private static String document(Random random, int depth) {
        StringBuilder out = new StringBuilder();
        int kind = depth == 0 ? 0 : random.nextInt(6);
        if (kind <= 1) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        String separator = "";
        int size = random.nextInt(3);
        for (int i = 0; i < size; i++) {
            String key = KEYS.get((random.nextInt(KEYS.size()) / 2 * 2 + i) % KEYS.size());
            out.append(separator).append(kind == 2 ? "" : "\"" + key + "\": ");
            out.append(document(random, depth - 1));
            separator = ", ";
        }
        return kind == 2 ? "[" + out + "]" : "{" + out + "}";
    }

    private static String list(int count, String element) {
        return "[" + String.join(",", Collections.nCopies(count, element)) + "]";
    }
}
