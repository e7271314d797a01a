package io.millrace.broker.query;

import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.StartPoint;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A statement that somebody runs once and looks at.
///
/// @param start where it begins to read
/// @param untilRecorded it ends when everything recorded before that moment has been read; `null`
///   for never
/// @param rowsMax after so many rows it ends
public record AdHocQuery(
        String sql,
        Map<String, QueryInput> inputs,
        StartPoint start,
        @Nullable Instant untilRecorded,
        EventTimeRules eventTime,
        int parallelism,
        long rowsMax) {}
