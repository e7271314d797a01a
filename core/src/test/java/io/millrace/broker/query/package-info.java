/// Queries without an engine.
@NullMarked
package io.millrace.broker.query;

import org.jspecify.annotations.NullMarked;
