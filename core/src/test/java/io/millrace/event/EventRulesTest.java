package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventRulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id              | a b ä \uD83D\uDE00      | true",
                "id              | ``                      | false",
                "id              | a\u0085                 | false",
                "id              | a\uFFFE                 | false",
                "id              | a\uFDD0                 | false",
                "id              | a\uD83F\uDFFF           | false",
                "id              | a\uD83D                 | false",
                "source          | urn:a:b                 | true",
                "source          | 1-555-123-4567          | true",
                "source          | /ä                      | true",
                "source          | /a b                    | false",
                "source          | /a%4                    | false",
                "source          | /a<b                    | false",
                "specversion     | 1.0                     | true",
                "specversion     | 0.3                     | false",
                "time            | 2026-03-01T12:00:00Z    | true",
                "time            | noon                    | false",
                "dataschema      | https://a/b#c           | true",
                "dataschema      | /a                      | false",
                "dataschema      | a/b:c                   | false",
                "datacontenttype | application/json        | true",
                "datacontenttype | TEXT/Plain; CharSet=\"a b\" | true",
                "datacontenttype | text/plain ; a=b        | true",
                "datacontenttype | application/vnd.a.b+json;v=1 | true",
                "datacontenttype | json                    | false",
                "datacontenttype | /json                   | false",
                "datacontenttype | text/                   | false",
                "datacontenttype | text/plain x            | false",
                "datacontenttype | text/plain;a=ä          | false",
                "datacontenttype | text/a/b                | false",
                "subject         | ``                      | false",
                "comexampleextension1comexample | x        | true",
                "1a              | ``                      | true",
                "Upper           | x                       | false",
                "a-b             | x                       | false",
                "ä               | x                       | false",
                "data            | x                       | false"
            })
    void valuesFromText(String name, String value, boolean valid) {
        EventBuilder event = Event.builder().id("1").source("/s").type("t").attribute(name, value);
        if (valid) {
            assertThat(event.build().attribute(name))
                    .extracting(AttributeValue::canonical)
                    .isEqualTo(value);
        } else {
            MillraceException e = catchThrowableOfType(MillraceException.class, event::build);
            assertThat(e.problems())
                    .singleElement()
                    .satisfies(p -> assertThat(p.field()).isEqualTo(name));
        }
    }

    @Test
    void urisAmongTheExtensionsAreChecked() {
        EventBuilder event =
                Event.builder()
                        .id("1")
                        .source("/s")
                        .type("t")
                        .extension("a", new UriValue("/not/absolute"))
                        .extension("b", new UriReferenceValue("a\u0085"))
                        .extension("c", new UriReferenceValue(""))
                        .extension("d".repeat(129), "too long a name");
        MillraceException e = catchThrowableOfType(MillraceException.class, event::build);
        assertThat(e.problems()).hasSize(3);
    }
}
