/// CESQL, the expression language of CloudEvents (CloudEvents SQL Expression Language 1.0.0): from
/// text to a prepared expression to a value. It sees attributes, never data.
@NullMarked
package io.millrace.event.filter.cesql;

import org.jspecify.annotations.NullMarked;
