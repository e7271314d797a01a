/// Dispatchers: what takes the events of push subscriptions from their cursors, brings them to
/// where they are wanted, and tells the cursors what became of them.
@NullMarked
package io.millrace.dispatch;

import org.jspecify.annotations.NullMarked;
