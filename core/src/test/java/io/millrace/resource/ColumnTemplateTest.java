package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ColumnTemplateTest {
    @Test
    void columnsStandBetweenTexts() {
        ColumnTemplate template = ColumnTemplate.parse("/derived/{floor}/{room}");
        assertThat(template.columns()).containsExactly("floor", "room");
        assertThat(template.texts()).containsExactly("/derived/", "/", "");
        assertThat(template).hasToString("/derived/{floor}/{room}");
    }

    @Test
    void anythingElseIsText() {
        assertThat(ColumnTemplate.parse("").texts()).containsExactly("");
        assertThat(ColumnTemplate.parse("/plain").columns()).isEmpty();
        ColumnTemplate whole = ColumnTemplate.parse("{a b}");
        assertThat(whole.columns()).containsExactly("a b");
        assertThat(whole.texts()).containsExactly("", "");
        assertThat(ColumnTemplate.parse("{a}{a}").columns()).containsExactly("a", "a");
    }

    @Test
    void doubledBracesAreOne() {
        ColumnTemplate template = ColumnTemplate.parse("{{{a}}}-{{b}}");
        assertThat(template.columns()).containsExactly("a");
        assertThat(template.texts()).containsExactly("{", "}-{b}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "{ }", "{ a}", "{a{b}", "/x/{a", "{{{"})
    void aColumnHasAName(String text) {
        assertThatThrownBy(() -> ColumnTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the name of a column between { and }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"}", "a}b", "{a}}", "}}}"})
    void aBraceIsOpenedBeforeItIsClosed(String text) {
        assertThatThrownBy(() -> ColumnTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must have a { before each }; write }} for a brace");
    }

    @Test
    void equalAsWritten() {
        assertThat(ColumnTemplate.parse("{a}")).isEqualTo(ColumnTemplate.parse("{a}"));
        assertThat(ColumnTemplate.parse("{a}")).hasSameHashCodeAs(ColumnTemplate.parse("{a}"));
        assertThat(ColumnTemplate.parse("{a}")).isNotEqualTo(ColumnTemplate.parse("{b}"));
    }
}
