package io.millrace.query.sql.function;

import java.util.ArrayList;
import java.util.List;

/// Runs the functions over a series as an unbounded OVER window does, without Flink.
final class Detections {
    private Detections() {}

    /// @return the positions of what is told as an anomaly
    static List<Integer> spikes(double[] values, double confidence, int history) {
        SpikeAndDip function = new SpikeAndDip();
        History before = function.createAccumulator();
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            function.accumulate(before, values[i], confidence, history);
            if (before.anomaly()) {
                found.add(i);
            }
        }
        return found;
    }

    /// @return the positions of what is told as an anomaly
    static List<Integer> changes(double[] values, double confidence, int history) {
        ChangePoint function = new ChangePoint();
        History before = function.createAccumulator();
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            function.accumulate(before, values[i], confidence, history);
            if (before.anomaly()) {
                found.add(i);
            }
        }
        return found;
    }
}
