/// The settlement state of one consumer group over one partition: what is leased, delayed,
/// deferred, settled or dead. Pure state machines: records and time go in, records and replies come
/// out.
@NullMarked
package io.millrace.cursor;

import org.jspecify.annotations.NullMarked;
