package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.mqtt.session.Outflow.Sent;
import io.millrace.gateway.mqtt.session.Outflow.Stage;
import io.millrace.stream.PartitionName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OutflowTest {
    private static final PartitionName PARTITION = new PartitionName("a", "a-1", 0);

    private final Outflow outflow = new Outflow();

    private Sent add(long offset, int windowMax) {
        return outflow.add(PARTITION, offset, 1, false, Stage.SENT, null, windowMax);
    }

    @Test
    void identifiersComeInTurnAndBegin() {
        for (int i = 1; i <= 65_535; i++) {
            Sent sent = add(i, 10);
            assertThat(sent.identifier()).isEqualTo(i);
            outflow.remove(sent);
        }
        assertThat(add(0, 10).identifier()).isEqualTo(1);
    }

    @Test
    void fullWindow() {
        add(0, 1);
        assertThatThrownBy(() -> add(1, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneThatStaysIsPassedOver() {
        Sent stays = add(0, 10);
        for (int i = 0; i < 200_000; i++) {
            Sent sent = add(i, 10);
            assertThat(sent.identifier()).isNotEqualTo(stays.identifier()).isPositive();
            outflow.remove(sent);
        }
        assertThat(outflow.find(stays.identifier())).isSameAs(stays);
        assertThat(outflow.size()).isEqualTo(1);
    }

    @Test
    void restoredOnesWhoseLowBitsAreTheSame() {
        int[] identifiers = {1, 17, 33, 32_769, 65_521, 16, 48};
        for (int each : identifiers) {
            outflow.restore(each, PARTITION, each, 2, true, Stage.RELEASED);
        }
        outflow.restoreLast(48);
        assertThat(outflow.inOrder())
                .extracting(Sent::identifier)
                .containsExactly(1, 17, 33, 32_769, 65_521, 16, 48);
        for (int each : identifiers) {
            Sent found = java.util.Objects.requireNonNull(outflow.find(each));
            assertThat(found.offset()).isEqualTo(each);
        }
        assertThat(outflow.size()).isEqualTo(identifiers.length);
        assertThat(outflow.find(2)).isNull();
        assertThat(add(5, 100).identifier()).isGreaterThan(48);
    }

    @Test
    void whatIsRemovedTwiceCountsOnce() {
        Sent first = add(0, 10);
        add(1, 10);
        outflow.remove(first);
        outflow.remove(first);
        assertThat(outflow.size()).isEqualTo(1);
    }

    @Test
    void asAMapHasIt() {
        Random random = new Random(3);
        Map<Integer, Sent> model = new LinkedHashMap<>();
        for (int i = 0; i < 300_000; i++) {
            if ((model.size() < 40 && random.nextInt(20) > 0) || model.isEmpty()) {
                Sent sent = add(i, 40);
                assertThat(model.put(sent.identifier(), sent)).isNull();
            } else {
                List<Sent> all = new ArrayList<>(model.values());
                Sent gone = all.get(random.nextInt(all.size()));
                outflow.remove(gone);
                model.remove(gone.identifier());
            }
            if (i % 1_000 == 0) {
                assertThat(outflow.inOrder()).containsExactlyElementsOf(model.values());
                assertThat(outflow.size()).isEqualTo(model.size());
            }
        }
    }
}
