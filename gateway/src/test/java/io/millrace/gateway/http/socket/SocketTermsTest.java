package io.millrace.gateway.http.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.stream.Start;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SocketTermsTest {
    private static SocketTerms terms(String target) {
        return SocketTerms.of(RequestTarget.of(target));
    }

    private static @Nullable String wrong(String target) {
        try {
            return "nothing in " + terms(target);
        } catch (MillraceException e) {
            return e.problems().getFirst().field();
        }
    }

    @Test
    void nothingAskedForIsPublishingAlone() {
        assertThat(terms("/socket"))
                .isEqualTo(new SocketTerms(null, false, false, List.of(), null));
        assertThat(terms("/socket/a%20b/c?acks=true&positions=false").context())
                .isEqualTo("/a b/c");
        assertThat(terms("/socket/").context()).isEqualTo("/");
    }

    @Test
    void startsGoWithTheirPatterns() {
        SocketTerms one = terms("/socket?subscribe=/a/**&subscribe=/b&from=first&credit=5");
        assertThat(one.subscriptions())
                .containsExactly(
                        new SocketTerms.Subscription(ContextPattern.of("/a/**"), new Start.First()),
                        new SocketTerms.Subscription(ContextPattern.of("/b"), new Start.First()));
        assertThat(one.credit()).isEqualTo(5);
        SocketTerms each = terms("/socket?subscribe=/a&from=last&subscribe=/b&from=first");
        assertThat(each.subscriptions())
                .extracting(SocketTerms.Subscription::start)
                .containsExactly(new Start.Last(), new Start.First());
    }

    @Test
    void wrongParametersAreNamed() {
        assertThat(wrong("/socket/a/**")).isEqualTo("context");
        assertThat(wrong("/socket/a%2Fb")).isEqualTo("context");
        assertThat(wrong("/socket?acks=yes")).isEqualTo("acks");
        assertThat(wrong("/socket?subscribe=/a/**/b")).isEqualTo("pattern");
        assertThat(wrong("/socket?subscribe=/a&from=12")).isEqualTo("from");
        assertThat(wrong("/socket?from=first")).isEqualTo("from");
        assertThat(wrong("/socket?subscribe=/a&subscribe=/b&subscribe=/c&from=first&from=last"))
                .isEqualTo("from");
        assertThat(wrong("/socket?credit=5")).isEqualTo("credit");
        assertThat(wrong("/socket?subscribe=/a&credit=-1")).isEqualTo("credit");
        assertThat(wrong("/socket?subscribe=/a&credit=1000001")).isEqualTo("credit");
        assertThat(wrong("/socket?ack=true")).isEqualTo("ack");
        assertThat(wrong("/socket?x=1" + "&subscribe=/a".repeat(3))).isEqualTo("x");
        assertThat(wrong("/socket?y" + "&subscribe=/a".repeat(17))).isEqualTo("y");
        assertThat(wrong("/socket?acks=true" + "&subscribe=/a".repeat(17))).isEqualTo("subscribe");
    }
}
