package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class FieldsTest {
    private final ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);

    @Test
    void keysAreKnownAndInTheirOrder() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("zeta", 1).putNull("alpha");
        Fields fields = new Fields(node, "inputs", problems);
        assertThat(fields.keys()).containsExactly("zeta", "alpha");
        fields.end();
        assertThat(problems.problems()).isEmpty();
        assertThat(new Fields(JsonNodeFactory.instance.objectNode(), "", problems).keys())
                .isEmpty();
    }
}
