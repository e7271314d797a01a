package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/// The statistics by themselves: against values of tables, and on noise whose alarms can be
/// foretold.
class AnomalyStatisticsTest {
    @Test
    void tailsAreThoseOfTheTables() {
        assertThat(Probability.normalTail(0)).isCloseTo(0.5, within(1e-12));
        assertThat(Probability.normalTail(1.959963985)).isCloseTo(0.025, within(1e-10));
        assertThat(Probability.normalTail(6)).isCloseTo(9.865876e-10, within(1e-15));
        assertThat(Probability.studentTail(2.570582, 5)).isCloseTo(0.025, within(0.0005));
        assertThat(Probability.studentTail(2.042272, 30)).isCloseTo(0.025, within(0.00005));
        assertThat(Probability.bridgeTail(1.3581)).isCloseTo(0.05, within(1e-4));
        assertThat(Probability.bridgeTail(1.6276)).isCloseTo(0.01, within(1e-4));
        assertThat(Probability.bridgeTail(0.1)).isEqualTo(1);
    }

    @Test
    void medianAndDeviationAgainstSorting() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            int size = random.nextInt(1, 40);
            double[] values = random.ints(size, 0, 20).asDoubleStream().sorted().toArray();
            double median = middle(values);
            double[] away = Arrays.stream(values).map(v -> Math.abs(v - median)).sorted().toArray();
            double scale = 1.4826 * size / (size - 0.8) * middle(away);
            if (scale > 0) {
                double expected = (31 - median) / (scale * Math.sqrt(1 + Math.PI / 2 / size));
                assertThat(RobustScore.of(31, values, size)).isCloseTo(expected, within(1e-9));
            }
        }
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    @Test
    void flatHistories() {
        double[] flat = new double[20];
        assertThat(RobustScore.of(0, flat, 20)).isZero();
        assertThat(RobustScore.of(1, flat, 20)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(RobustScore.tail(Double.NEGATIVE_INFINITY, 20)).isZero();
        assertThat(LevelShift.in(flat, 20).probability()).isEqualTo(1);
        Arrays.fill(flat, 12, 20, 3.0);
        assertThat(LevelShift.in(flat, 20).probability()).isZero();
        assertThat(LevelShift.in(flat, 20).at()).isEqualTo(12);
    }

    /// On noise without memory, the share of alarms is the one that the confidence names.
    @Test
    void alarmsOnNoiseAreAsManyAsAskedFor() {
        Random random = new Random(5);
        double[] noise = random.doubles(50_000).map(_ -> random.nextGaussian()).toArray();
        assertThat(1000.0 * Detections.spikes(noise, 99, 100).size() / noise.length)
                .isBetween(8.0, 12.0);
        assertThat(1000.0 * Detections.spikes(noise, 99.9, 100).size() / noise.length)
                .isBetween(0.6, 1.5);
        assertThat(1000.0 * Detections.changes(noise, 99, 100).size() / noise.length)
                .isBetween(0.2, 1.5);
    }

    /// A new level three deviations up is told within 25 values, and nearly always within 10.
    @Test
    void aNewLevelIsToldSoon() {
        Random random = new Random(6);
        int soon = 0;
        for (int round = 0; round < 200; round++) {
            double[] values = new double[300];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextGaussian() + (i < 200 ? 0 : 3);
            }
            int told =
                    Detections.changes(values, 99.9, 100).stream()
                            .filter(i -> i >= 200)
                            .findFirst()
                            .orElse(999);
            assertThat(told).isLessThan(225);
            soon += told < 215 ? 1 : 0;
        }
        assertThat(soon).isGreaterThan(180);
    }

    /// One wild value is no new level, however wild it is.
    @Test
    void aSpikeIsNoNewLevel() {
        Random random = new Random(9);
        double[] values = random.doubles(300).map(_ -> random.nextGaussian()).toArray();
        assertThat(Detections.changes(values, 99.9, 100)).isEmpty();
        values[150] = 1_000;
        values[220] = -40;
        assertThat(Detections.changes(values, 99.9, 100)).isEmpty();
    }

    @Test
    void historiesGrowTurnAndShrink() {
        Random random = new Random(8);
        History history = new History();
        ArrayDeque<Double> model = new ArrayDeque<>();
        for (int step = 0; step < 5_000; step++) {
            double value = random.nextInt(10);
            history.add(value);
            model.add(value);
            if (random.nextInt(3) == 0) {
                int keep = random.nextInt(200);
                history.keep(keep);
                while (model.size() > keep) {
                    model.remove();
                }
            }
            assertThat(Arrays.copyOf(history.sorted(), history.size()))
                    .isEqualTo(model.stream().mapToDouble(v -> v).sorted().toArray());
            double[] inOrder = new double[history.size()];
            history.copyTo(inOrder);
            assertThat(inOrder).isEqualTo(model.stream().mapToDouble(v -> v).toArray());
        }
    }

    @Test
    void historiesAreWrittenAndReadBack() throws IOException {
        History history = new History();
        for (int i = 0; i < 70; i++) {
            history.add(i);
            history.enter();
        }
        history.keep(33);
        history.answer(0.25, true);
        HistorySerializer serializer = HistorySerializer.INSTANCE;
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(history, out);
        History read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        for (History same : new History[] {read, serializer.copy(history)}) {
            history.sorted();
            assertThat(same)
                    .isNotSameAs(history)
                    .returns(33, History::size)
                    .returns(70L, History::inWindow)
                    .returns(true, History::answered)
                    .returns(true, History::anomaly)
                    .returns(0.25, History::score)
                    .returns(37.0, h -> h.get(0))
                    .returns(69.0, h -> h.get(32));
        }
    }
}
