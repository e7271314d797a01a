package io.millrace.query.source;

import java.io.Serializable;
import org.apache.flink.table.types.logical.LogicalType;

/// A column of a table of events: an attribute, something about its place, or a field of its data.
/// The tables of views have a key too.
///
/// @param kind which of these
/// @param name of the column
/// @param field of the data, where it is one
public record SourceColumn(Kind kind, String name, String field, LogicalType type)
        implements Serializable {
    /// Where a column's value comes from.
    public enum Kind {
        CONTEXT,
        ID,
        SOURCE,
        TYPE,
        SUBJECT,
        TIME,
        DATACONTENTTYPE,
        DATASCHEMA,
        PARTITIONKEY,
        EXTENSIONS,
        DATA,
        STREAM,
        PARTITION,
        OFFSET,
        RECORDED_AT,
        EVENT_TIME,
        VIEW_KEY,
        UPDATED,
        FIELD
    }
}
