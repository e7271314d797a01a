/// Filters of subscriptions: the dialects of CloudEvents Subscriptions and one of our own for JSON
/// data.
@NullMarked
package io.millrace.event.filter;

import org.jspecify.annotations.NullMarked;
