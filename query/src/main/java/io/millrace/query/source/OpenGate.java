package io.millrace.query.source;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.table.data.RowData;

/// Lets rows in time pass, drops those that are not, and keeps back the watermark that stands for
/// the end of all time: for a look at the past, in which what is open stays open.
public final class OpenGate extends AbstractStreamOperator<RowData>
        implements OneInputStreamOperator<RowData, RowData> {
    private static final long serialVersionUID = 1;

    @Override
    public void processElement(StreamRecord<RowData> row) {
        if (!LateRows.isLate(row.getValue())) {
            output.collect(row);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            super.processWatermark(mark);
        }
    }
}
