/// Queries looked at, paused, explained and run ad hoc.
@NullMarked
package io.millrace.gateway.http.query;

import org.jspecify.annotations.NullMarked;
