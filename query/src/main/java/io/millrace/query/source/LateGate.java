package io.millrace.query.source;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/// Lets rows pass, and gives those that came too late to the side.
public final class LateGate extends ProcessFunction<RowData, RowData> {
    private static final long serialVersionUID = 1;

    /// Where late events come out.
    public static final OutputTag<LateEvent> LATE =
            new OutputTag<>("late", TypeInformation.of(LateEvent.class));

    @Override
    public void processElement(RowData row, Context context, Collector<RowData> out) {
        if (LateRows.isLate(row)) {
            context.output(LATE, LateRows.event(row));
        } else {
            out.collect(row);
        }
    }
}
