package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "//", "/a/", "/a//b", "/ä/\uD83D\uDE00 x", "/...", "/.a", "/%"})
    void acceptsAndKeeps(String path) {
        Context context = Context.of(path);
        assertThat(context.path()).isEqualTo(path);
        String joined = "/" + String.join("/", context.segments());
        assertThat(joined).isEqualTo(path);
    }

    static Stream<String> bad() {
        return Stream.of(
                "",
                "a",
                "a/b",
                "/a/*",
                "/a+b",
                "/#",
                "/**",
                "/.",
                "/..",
                "/a/../b",
                "/a/.",
                "/a\u0000",
                "/a\nb",
                "/\u007F",
                "/\u0085",
                "/\uD83D",
                "/\uDE00",
                "/\uDE00\uD83D",
                "/a".repeat(33),
                "/" + "a".repeat(1024),
                "/" + "ä".repeat(512),
                "/" + "\uD83D\uDE00".repeat(256));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refuses(String path) {
        assertThatThrownBy(() -> Context.of(path))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_INVALID))
                .hasMessageStartingWith("context: ");
    }

    @Test
    void limitsAreInclusive() {
        assertThat(Context.of("/a".repeat(32)).segments()).hasSize(32);
        assertThat(Context.of("/" + "a".repeat(1023)).toUtf8()).hasSize(1024);
        assertThat(Context.of("/a" + "ä".repeat(511)).toUtf8()).hasSize(1024);
        assertThat(Context.of("/" + "\uD83D\uDE00".repeat(255)).toUtf8()).hasSize(1021);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/a/b, /a/b",
                "/a/b/, /a/b",
                "/, /",
                "/a?x=/y, /a",
                "/a#f?x, /a",
                "/%C3%A4/b%20c, /ä/b c",
                "https://host/p, /host/p",
                "https://host, /host",
                "https://host/, /host",
                "https://host:8080/p?q#f, /host:8080/p",
                "mqtt+tls://h/x, /h/x",
                "file:///tmp/x, /tmp/x",
                "//host/p, -",
                "urn:uuid:1, -",
                "mailto:a@b, -",
                "relative/a, -",
                "relative?at=https://host/p, -",
                "1-555-123-4567, -",
                "1a://host/p, -"
            })
    void contextOfASource(String source, @Nullable String path) {
        Context context = Context.ofSource(source);
        assertThat(context == null ? null : context.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "/a%2fb", "/a/*", "/a/%2A", "/a/../b", "/%00"})
    void refusesASourceThatCanBeNoContext(String source) {
        assertThatThrownBy(() -> Context.ofSource(source))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_INVALID));
    }

    @Test
    void parentsAndCovering() {
        Context deep = Context.of("/a/b/c");
        assertThat(deep.parent()).isEqualTo(Context.of("/a/b"));
        assertThat(Context.of("/a").parent()).isEqualTo(Context.ROOT);
        assertThat(Context.ROOT.parent()).isNull();
        assertThat(Context.ROOT.covers(deep)).isTrue();
        assertThat(Context.of("/a/b").covers(deep)).isTrue();
        assertThat(deep.covers(deep)).isTrue();
        assertThat(deep.covers(Context.of("/a/b"))).isFalse();
        assertThat(Context.of("/a/b").covers(Context.of("/a/bc"))).isFalse();
    }
}
