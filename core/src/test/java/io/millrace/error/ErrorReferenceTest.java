package io.millrace.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.house.Repository;
import io.millrace.house.SourceText;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the catalogue and its page in the reference together.
class ErrorReferenceTest {
    private static final String PAGE = "docs/reference/errors.md";

    @Test
    void thePageListsTheCatalogue() {
        SourceText page = Objects.requireNonNull(Repository.here().file(PAGE));
        String expected =
                Arrays.stream(ErrorCode.values())
                        .map(ErrorReferenceTest::row)
                        .collect(Collectors.joining("\n"));
        String actual =
                page.lines().stream()
                        .filter(line -> line.matches("\\| \\d.*"))
                        .collect(Collectors.joining("\n"));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void numbersAndSlugsAreUnique() {
        assertThat(ErrorCode.values()).extracting(ErrorCode::number).doesNotHaveDuplicates();
        assertThat(ErrorCode.values()).extracting(ErrorCode::slug).doesNotHaveDuplicates();
        assertThat(ErrorCode.values())
                .extracting(ErrorCode::slug)
                .allMatch(slug -> slug.matches("[a-z]+(-[a-z]+)*"));
    }

    private static String row(ErrorCode code) {
        return "| %d | `%s` | %s | %s |"
                .formatted(code.number(), code.slug(), code.title(), turn(code.kind()));
    }

    private static String turn(ErrorCode.Kind kind) {
        return switch (kind) {
            case CALLER -> "caller";
            case STATE -> "operator";
            case RESOURCES -> "wait";
            case INTERNAL -> "us";
        };
    }
}
